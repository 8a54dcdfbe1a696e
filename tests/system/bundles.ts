import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '@bonafide/contracts';
import { ROOT } from './folders';

type Wanted = { version: string; edit?: (manifest: Manifest) => void };

/** The installed bundle as another version, with a manifest of its own. @returns its folder */
export async function copyBundle(models: string, { version, edit }: Wanted): Promise<string> {
  const folder = join(models, `bundle-${version}`);
  await cp(join(ROOT, 'models/bonafide-1'), folder, { recursive: true });
  const file = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
  manifest.version = version;
  edit?.(manifest);
  await writeFile(file, JSON.stringify(manifest));
  return folder;
}

/** Says the opposite, by the same score. */
export function turnRound({ ensembles }: Manifest): void {
  for (const { pooling } of Object.values(ensembles)) {
    pooling.calibration.slope *= -1;
    pooling.calibration.intercept *= -1;
  }
}
