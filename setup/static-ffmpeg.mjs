import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isExecutable, isStamped, stamp, staticFfmpeg, tools } from './paths.mjs';
import { unpackWheel } from './python-venv.mjs';
import { capture, say, SetupError } from './terminal.mjs';

const REQUIREMENT = 'imageio-ffmpeg==0.8.1';

/**
 * A clip is one ffmpeg process, and a distribution's build spends some 70 ms of each on loading 200 libraries:
 * a statically linked one, which the package index carries, is preferred. Without it the system's serves.
 */
export async function preferStaticFfmpeg() {
  const stampFile = path.join(tools, 'ffmpeg.requirement');
  if (process.env.FFMPEG_PATH || isStamped(stampFile, REQUIREMENT)) return;
  say('fetching a statically linked ffmpeg into .cache/tools: it starts faster than the one installed');
  const folder = path.join(tools, 'ffmpeg-wheel');
  mkdirSync(folder, { recursive: true });
  try {
    await unpackWheel(REQUIREMENT, folder);
    const found = capture('find', [folder, '-name', 'ffmpeg-*', '-type', 'f'])?.trim();
    if (found) renameSync(found, staticFfmpeg);
    if (found) chmodSync(staticFfmpeg, 0o755);
    const works = isExecutable(staticFfmpeg) && capture(staticFfmpeg, ['-version']) !== undefined;
    if (!works) rmSync(staticFfmpeg, { force: true });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`no statically linked ffmpeg (${error.message}); the installed one is used`);
  }
  rmSync(folder, { recursive: true, force: true });
  stamp(stampFile, REQUIREMENT);
}
