import {
  comparisonRecordSchema,
  servingRevisionSchema,
  type ComparisonRecord,
  type ServingRevision,
} from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import { createCollection } from './collection';

const REVISIONS = 'serving/';
const numbered = (revision: number) => String(revision).padStart(9, '0');
const revisionKey = ({ revision }: { revision: number }) => `${REVISIONS}${numbered(revision)}.json`;

type ComparisonRef = Pick<ComparisonRecord, 'answered' | 'shadow' | 'process_id'>;
const COMPARISONS = 'model-comparisons/';
const pairPrefix = ({ answered, shadow }: Omit<ComparisonRef, 'process_id'>) =>
  `${COMPARISONS}${answered}/${shadow}/`;

export type ServingRecords = ReturnType<typeof servingRecords>;

/** Which bundles serve, change by change, and how shadows differed. */
export function servingRecords(store: ObjectStore) {
  const revisions = createCollection(store, {
    schema: servingRevisionSchema,
    keyOf: revisionKey,
    refOf: ({ revision }) => ({ revision }),
  });
  return {
    /** Of two that write the same number one hears `exists`. */
    append: (doc: ServingRevision) => revisions.create(doc),
    /** The latest; null where there is none behind the given one, which is quickly told. */
    latest: async (behind = 0): Promise<ServingRevision | null> => {
      let last: string | null = null;
      for await (const { key } of store.list(REVISIONS, revisionKey({ revision: behind }))) last = key;
      return last === null ? null : revisions.get({ revision: revisionOf(last) });
    },
    /** From behind the given one, oldest first. */
    from: (behind: number) => revisions.list(REVISIONS, revisionKey({ revision: behind })),
    comparisons: {
      ...createCollection(store, {
        schema: comparisonRecordSchema,
        keyOf: (ref: ComparisonRef) => `${pairPrefix(ref)}${ref.process_id}.json`,
        refOf: ({ answered, shadow, process_id }) => ({ answered, shadow, process_id }),
      }),
      /** Of all pairs. */
      prefix: COMPARISONS,
      prefixOf: pairPrefix,
    },
  };
}

const revisionOf = (key: string) => parseInt(key.slice(REVISIONS.length), 10);
