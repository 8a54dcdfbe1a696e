import { referenceSchema, type Reference } from '@bonafide/contracts';
import type { Shelf } from '../bundles/shelf';
import { parseJson } from '../bundles/shelved-bundle';
import type { Logger } from '../logger';

const FILE = 'reference.json';

/** The references of bundles by version; null for one that comes without, which is then not watched. */
export type References = { of(modelVersion: string): Promise<Reference | null> };

/** Read once each. A reference that is of no use is said once and never keeps a bundle from serving. */
export function createReferences(shelf: Shelf, log: Logger): References {
  const known = new Map<string, Promise<Reference | null>>();
  return {
    of: (version) => {
      const reading = known.get(version) ?? readReference(shelf, version, log);
      known.set(version, reading);
      // Where the store was away, the next one asks again.
      reading.catch(() => known.delete(version));
      return reading;
    },
  };
}

async function readReference(shelf: Shelf, version: string, log: Logger): Promise<Reference | null> {
  const bundle = await shelf.find(version);
  const bytes = await bundle.read(FILE);
  const parsed = referenceSchema.safeParse(bytes && parseJson(bytes));
  if (!parsed.success) {
    log.warn({ model_version: version }, `the bundle has no usable ${FILE}: it is not monitored`);
    return null;
  }
  const { features, version: ownVersion } = bundle.manifest;
  const names = parsed.data.quantities.filter(({ kind }) => kind === 'feature').map(({ name }) => name);
  const isOfBundle =
    parsed.data.model_version === ownVersion && names.join() === features.map(({ name }) => name).join();
  if (isOfBundle) return parsed.data;
  log.warn({ model_version: version }, `${FILE} is of another bundle: it is not monitored`);
  return null;
}
