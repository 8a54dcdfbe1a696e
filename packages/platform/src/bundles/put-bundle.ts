import { CodedError } from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import {
  MANIFEST,
  readStoredBundle,
  storedBundlePrefix,
  verifyFiles,
  type ShelvedBundle,
} from './shelved-bundle';

/**
 * Puts a bundle into the store, for every machine to find. It is never changed: the same one may be put again,
 * another one under its version is refused.
 * @throws CodedError `bundle_refused`, `conflict`
 */
export async function putBundle(store: ObjectStore, bundle: ShelvedBundle): Promise<'added' | 'known'> {
  const { version, digest } = bundle.ref;
  await verifyFiles(bundle);
  const there = await readStoredBundle(store, version);
  if (there) {
    if (there.ref.digest === digest) return 'known';
    throw new CodedError('conflict', `There is another bundle of version ${version}: give this one its own`);
  }
  const prefix = storedBundlePrefix(version);
  const names = (await bundle.files()).filter((name) => name !== MANIFEST && isStorableName(name));
  for (const name of names) {
    const bytes = await bundle.read(name);
    if (bytes) await store.put(prefix + name, bytes);
  }
  // Last, since a bundle is there once its manifest is.
  const manifest = await bundle.read(MANIFEST);
  if (!manifest) throw new CodedError('bundle_refused', `${bundle.name} has lost its manifest`);
  const written = await store.create(prefix + MANIFEST, manifest);
  if (written === 'exists') throw new CodedError('conflict', `Somebody else put version ${version} there`);
  return 'added';
}

/** Whether a file of a bundle may go into the store, by its name. */
const isStorableName = (name: string) => /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/.test(name);
