import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '@bonafide/contracts';
import { ROOT } from './folders';

/** Which of the shipped members a service of the tests asks; the member that hears takes most of what one costs. */
export type Members = 'all' | 'classic';

type Wanted = { version?: string; members?: Members; edit?: (manifest: Manifest) => void };

const SHIPPED = join(ROOT, 'models/bonafide-1');

/** The shipped bundle with a manifest of its own, as another version where one is named. @returns its folder */
export async function copyBundle(models: string, wanted: Wanted = {}): Promise<string> {
  const manifest = JSON.parse(await readFile(join(SHIPPED, 'manifest.json'), 'utf8')) as Manifest;
  manifest.version = wanted.version ?? manifest.version;
  const folder = join(models, `bundle-${manifest.version}`);
  if (wanted.members !== 'all') keepClassic(manifest);
  wanted.edit?.(manifest);
  const files = ['reference.json', 'evaluation.json', ...manifest.members.map(({ file }) => file)];
  await mkdir(folder, { recursive: true });
  await Promise.all(files.map((file) => copyFile(join(SHIPPED, file), join(folder, file))));
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}

/** Leaves out what hears: the same three models, by the weights that they have without it. */
function keepClassic(manifest: Manifest): void {
  const { classic } = manifest.ensembles;
  manifest.members = manifest.members.filter(({ kind }) => kind === 'features');
  manifest.ensembles = { full: classic, classic };
  manifest.best_member = manifest.members[0].name;
  delete manifest.localization;
}

/** Says the opposite, by the same score. */
export function turnRound({ ensembles }: Manifest): void {
  for (const { pooling } of new Set(Object.values(ensembles))) {
    pooling.calibration.slope *= -1;
    pooling.calibration.intercept *= -1;
  }
}
