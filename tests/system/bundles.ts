import { appendFile, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '@bonafide/contracts';
import { ROOT, temporaryFolder } from './folders';
import { startSystem, type System, type SystemOptions } from './system';

type Wanted = { version?: string; edit?: (manifest: Manifest) => void };

const SHIPPED = join(ROOT, 'models/bonafide-1');

/**
 * A service that asks the three classic members alone: for tests of what carries a verdict, whoever gives it. The member
 * that hears takes most of what an analysis costs.
 */
export async function startClassicSystem(options: SystemOptions): Promise<System> {
  const MODELS_DIR = await copyBundle(await temporaryFolder());
  return startSystem({ ...options, env: { ...options.env, MODELS_DIR } });
}

/** The classic members of the shipped bundle, as another version where one is named. @returns the bundle's folder */
export async function copyBundle(models: string, { version, edit }: Wanted = {}): Promise<string> {
  const manifest = JSON.parse(await readFile(join(SHIPPED, 'manifest.json'), 'utf8')) as Manifest;
  manifest.version = version ?? manifest.version;
  const folder = join(models, `bundle-${manifest.version}`);
  keepClassic(manifest);
  edit?.(manifest);
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
  manifest.ensembles = { full: structuredClone(classic), classic };
  manifest.best_member = manifest.members[0].name;
  delete manifest.localization;
  for (const { p_fake } of manifest.parity?.rows ?? []) if (p_fake) p_fake.full = p_fake.classic;
}

/** Says the opposite, by the same score, and means it. */
export function turnRound({ ensembles, parity }: Manifest): void {
  for (const { p_fake } of parity?.rows ?? []) {
    if (p_fake?.full === undefined || p_fake.classic === undefined) continue;
    p_fake.full = 1 - p_fake.full;
    p_fake.classic = 1 - p_fake.classic;
  }
  for (const { pooling } of Object.values(ensembles)) {
    pooling.calibration.slope *= -1;
    pooling.calibration.intercept *= -1;
  }
}

/** A distance from the threshold from which on the bundle is certain, whatever it says. */
function setNear(limits: Manifest['limits'], logits: number): void {
  limits.near_threshold_by_result = { real: logits, fake: logits };
}

/** Version 2 says the opposite of version 1, by the same score, and never for certain; version 3 has a file that is not what its manifest says. */
export const [FIRST, SECOND, BROKEN] = ['1.0.0', '2.0.0', '3.0.0'];

/** A folder with these three, of which the first serves. */
export async function contraryBundles(): Promise<string> {
  const models = await temporaryFolder();
  await copyBundle(models, { version: FIRST, edit: ({ limits }) => setNear(limits, 0) });
  const edit = (manifest: Manifest) => {
    setNear(manifest.limits, 99);
    turnRound(manifest);
  };
  await copyBundle(models, { version: SECOND, edit });
  await appendFile(join(await copyBundle(models, { version: BROKEN }), 'xgboost.onnx'), 'rot');
  await writeFile(join(models, 'active.json'), JSON.stringify({ bundle: `bundle-${FIRST}` }));
  return models;
}
