import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { activeBundleSchema, CodedError, firstMade, inOrderMade, type BundleRef } from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import {
  BUNDLES_PREFIX,
  MANIFEST,
  parseJson,
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
  /** Beside the installed one, those of the folder that were made before it, latest first: they served before. */
  fallbacks(): Promise<ShelvedBundle[]>;
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
  const installed = async () => {
    const folder = await installedFolder(modelsDir);
    const bundle = await readFolderBundle(folder);
    if (!bundle) throw new CodedError('not_found', `There is no bundle of models in ${folder}`);
    return bundle;
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
      // It may be one of those: a manifest that cannot be read does not tell its version.
      const others = unusable.map(({ problem }) => problem).join('; ');
      throw new CodedError('not_found', `There is no bundle ${version}${others && `, but: ${others}`}`);
    },
    installed,
    fallbacks: async () => {
      const { ref } = await installed();
      const inOrder = inOrderMade((await list()).bundles.filter(({ place }) => place === 'models'));
      const at = inOrder.findIndex((bundle) => isSameBundle(bundle.ref, ref));
      return inOrder.slice(0, Math.max(0, at)).reverse();
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

/** The folder itself, else what active.json names, else the one made first: as the pipeline has it. */
async function installedFolder(modelsDir: string): Promise<string> {
  const folders = await foldersOf(modelsDir);
  if (folders[0] === modelsDir) return modelsDir;
  const bytes = await readFile(join(modelsDir, 'active.json')).catch(() => null);
  if (bytes) {
    const active = activeBundleSchema.safeParse(parseJson(bytes));
    if (!active.success) throw new CodedError('bundle_refused', `${modelsDir}/active.json names no bundle`);
    return join(modelsDir, active.data.bundle);
  }
  const bundles: ShelvedBundle[] = [];
  const refused: string[] = [];
  for (const folder of folders) {
    const bundle = await readFolderBundle(folder).catch(() => void refused.push(folder));
    if (bundle) bundles.push(bundle);
  }
  const folder = firstMade(bundles)?.name ?? refused[0];
  if (folder === undefined) throw new CodedError('not_found', `There is no bundle of models in ${modelsDir}`);
  return folder;
}

export const isSameBundle = (a: BundleRef | null, b: BundleRef | null) => a?.digest === b?.digest;
