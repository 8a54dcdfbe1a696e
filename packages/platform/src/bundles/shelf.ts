import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { activeBundleSchema, CodedError, type BundleRef } from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import {
  BUNDLES_PREFIX,
  MANIFEST,
  readFolderBundle,
  readStoredBundle,
  type ShelvedBundle,
} from './shelved-bundle';

/** All bundles that there are: in the folder of models and in the store. */
export type Shelf = {
  list(): Promise<Shelved>;
  /** With a digest: that very one, wherever it lies. @throws CodedError `not_found`, `bundle_refused` */
  find(version: string, digest?: string): Promise<ShelvedBundle>;
  /** The one that serves where nobody has chosen. @throws CodedError `not_found`, `bundle_refused` */
  installed(): Promise<ShelvedBundle>;
};
export type Shelved = { bundles: ShelvedBundle[]; unusable: { name: string; problem: string }[] };

/** @param modelsDir a bundle's folder, or a folder of bundles */
export function createShelf(modelsDir: string, store: ObjectStore): Shelf {
  const list = async (): Promise<Shelved> => {
    const found: Shelved = { bundles: [], unusable: [] };
    const add = async (name: string, reading: Promise<ShelvedBundle | null>) => {
      const bundle = await reading.catch((error: Error) => error);
      if (bundle instanceof Error) {
        if (!isRefusal(bundle)) throw bundle;
        found.unusable.push({ name, problem: bundle.message });
      } else if (bundle) found.bundles.push(bundle);
    };
    for (const folder of await foldersOf(modelsDir)) await add(folder, readFolderBundle(folder));
    for (const version of await storedVersions(store)) await add(version, readStoredBundle(store, version));
    return found;
  };
  return {
    list,
    find: async (version, digest) => {
      const { bundles, unusable } = await list();
      const named = bundles.filter(({ ref }) => ref.version === version);
      const bundle = digest === undefined ? named[0] : named.find(({ ref }) => ref.digest === digest);
      if (bundle) return bundle;
      if (named.length > 0) {
        throw new CodedError(
          'bundle_refused',
          `bundle refused: ${version} is not what it was: its manifest has changed`,
        );
      }
      const broken = unusable.find(({ name }) => name === version);
      if (broken) throw new CodedError('bundle_refused', broken.problem);
      throw new CodedError('not_found', `There is no bundle ${version}`);
    },
    installed: async () => {
      const folder = await installedFolder(modelsDir);
      const bundle = await readFolderBundle(folder);
      if (!bundle) throw new CodedError('not_found', `There is no bundle of models in ${folder}`);
      return bundle;
    },
  };
}

const isRefusal = (error: Error) => error instanceof CodedError && error.code === 'bundle_refused';

async function foldersOf(modelsDir: string): Promise<string[]> {
  const entries = await readdir(modelsDir, { withFileTypes: true }).catch(() => []);
  if (entries.some(({ name }) => name === MANIFEST)) return [modelsDir];
  return entries
    .filter((entry) => !entry.isFile())
    .map(({ name }) => join(modelsDir, name))
    .sort();
}

async function storedVersions(store: ObjectStore): Promise<string[]> {
  const versions = new Set<string>();
  for await (const { key } of store.list(BUNDLES_PREFIX)) versions.add(key.split('/')[1]);
  return [...versions];
}

/** The folder itself, else what active.json names, else the only one: as the pipeline has it. */
async function installedFolder(modelsDir: string): Promise<string> {
  const folders = await foldersOf(modelsDir);
  if (folders[0] === modelsDir) return modelsDir;
  const text = await readFile(join(modelsDir, 'active.json'), 'utf8').catch(() => null);
  if (text !== null) {
    const active = activeBundleSchema.safeParse(JSON.parse(text));
    if (!active.success) throw new CodedError('bundle_refused', `${modelsDir}/active.json names no bundle`);
    return join(modelsDir, active.data.bundle);
  }
  const bundles: string[] = [];
  for (const folder of folders) if (await isThere(join(folder, MANIFEST))) bundles.push(folder);
  if (bundles.length > 1) {
    throw new CodedError(
      'bundle_refused',
      `${modelsDir} holds several bundles, and no active.json names one`,
    );
  }
  if (bundles.length === 0) throw new CodedError('not_found', `There is no bundle of models in ${modelsDir}`);
  return bundles[0];
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

export const isSameBundle = (a: BundleRef | null, b: BundleRef | null) => a?.digest === b?.digest;
