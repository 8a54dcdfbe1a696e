import { CodedError } from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import {
  MANIFEST,
  parseJson,
  readStoredBundle,
  storedBundlePrefix,
  verifyFiles,
  type ShelvedBundle,
} from './shelved-bundle';

/** Beside a manifest: what its recordings were like, and how it was judged. */
const DESCRIPTIONS = ['reference.json', 'evaluation.json'];

/**
 * Puts a bundle into the store, for every machine to find. It is never changed: the same one may be put again,
 * another one under its version is refused.
 * @throws CodedError `bundle_refused`, `conflict`
 */
export async function putBundle(store: ObjectStore, bundle: ShelvedBundle): Promise<'added' | 'known'> {
  const { version, digest } = bundle.ref;
  await verifyFiles(bundle);
  await assertDescriptions(bundle);
  const there = await readStoredBundle(store, version);
  if (there) {
    if (there.ref.digest === digest) return sameThroughout(bundle, there);
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

/** Its manifest names the members alone: what describes them beside it is not to change either. */
async function sameThroughout(bundle: ShelvedBundle, there: ShelvedBundle): Promise<'known'> {
  for (const name of DESCRIPTIONS) {
    const [now, before] = await Promise.all([bundle.read(name), there.read(name)]);
    if (!now || (before && now.equals(before))) continue;
    const { version } = bundle.ref;
    throw new CodedError('conflict', `The bundle of version ${version} that is there has another ${name}`);
  }
  return 'known';
}

async function assertDescriptions({ name, read }: ShelvedBundle): Promise<void> {
  for (const file of DESCRIPTIONS) {
    const bytes = await read(file);
    if (bytes && parseJson(bytes) === undefined)
      throw new CodedError('bundle_refused', `bundle refused: ${name}: ${file}: is not JSON`);
  }
}

/** Whether a file of a bundle may go into the store, by its name. */
const isStorableName = (name: string) => /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/.test(name);
