import {
  batchCancelSchema,
  batchEndSchema,
  batchRecordSchema,
  batchRoundSchema,
  ENTRIES_A_PAGE,
  isTerminal,
  expansionSchema,
  manifestEntrySchema,
  resultLineSchema,
  surveySchema,
  type BatchRef,
  type Outcome,
} from '@bonafide/contracts';
import type { z } from 'zod';
import type { ObjectStore } from '../store/object-store';
import { createCollection } from './collection';
import { growingPages, numbered, pages } from './pages';

export type RoundRef = BatchRef & { round: number };

/** Where all documents of a batch lie. */
export const batchFolder = ({ tenant, batch_id }: BatchRef) => `batches/${tenant}/${batch_id}`;
/** Where an archive lies until everything is taken out of it. */
export const batchMediaKey = ({ tenant, batch_id }: BatchRef) => `batch-media/${tenant}/${batch_id}`;

/** On which page of its manifest an entry stands. */
export const pageOf = (index: number) => Math.floor(index / ENTRIES_A_PAGE);

const batchRefOf = ({ tenant, id }: { tenant: string; id: string }): BatchRef => ({ tenant, batch_id: id });
const roundRefOf = (doc: { tenant: string; id: string; round: number }): RoundRef => ({
  ...batchRefOf(doc),
  round: doc.round,
});

export type BatchRecords = ReturnType<typeof batchRecords>;

/** The documents that are the truth about batches; the analyses of their entries have their own. */
export function batchRecords(store: ObjectStore) {
  const one = <S extends z.ZodType<{ tenant: string; id: string }>>(schema: S, name: string) =>
    createCollection(store, {
      schema,
      keyOf: (ref: BatchRef) => `${batchFolder(ref)}/${name}.json`,
      refOf: batchRefOf,
    });
  const perRound = <S extends z.ZodType<{ tenant: string; id: string; round: number }>>(
    schema: S,
    name: string,
  ) =>
    createCollection(store, {
      schema,
      keyOf: (ref: RoundRef) => `${batchFolder(ref)}/${name}/${numbered(ref.round)}.json`,
      refOf: roundRefOf,
    });
  return {
    ...one(batchRecordSchema, 'batch'),
    surveys: one(surveySchema, 'survey'),
    expansions: one(expansionSchema, 'expansion'),
    cancels: perRound(batchCancelSchema, 'cancels'),
    rounds: perRound(batchRoundSchema, 'rounds'),
    ends: perRound(batchEndSchema, 'ends'),
    /** Of what was found, entry by entry. */
    manifest: growingPages(store, manifestEntrySchema, (ref: BatchRef) => `${batchFolder(ref)}/items`),
    /** Of what became of it, for rounds that are over. */
    results: pages(
      store,
      resultLineSchema,
      (ref: RoundRef) => `${batchFolder(ref)}/results/${numbered(ref.round)}`,
    ),
    lists: batchLists(store),
    deletions: deletionMarks(store),
    /** The round that is going on or was the last; 0 is the first. */
    latestRound: async (ref: BatchRef): Promise<number> => {
      let latest = 0;
      for await (const { key } of store.list(`${batchFolder(ref)}/rounds/`)) {
        latest = Math.max(latest, lastNumber(key));
      }
      return latest;
    },
  };
}

/** Which entries have lost their analysis to a deletion: their lines have nothing to say of it any more. */
function deletionMarks(store: ObjectStore) {
  const folder = (ref: BatchRef) => `${batchFolder(ref)}/deleted/`;
  const pageFolder = (ref: BatchRef, page: number) => `${folder(ref)}${numbered(page)}/`;
  return {
    /** @param ended as what its analysis had ended */
    add: (ref: BatchRef, index: number, ended: Outcome['status']) =>
      store.put(pageFolder(ref, pageOf(index)) + index, Buffer.from(ended)),
    /** As what the analysis of a deleted entry had ended. */
    endOf: async (ref: BatchRef, index: number): Promise<Outcome['status']> => {
      const bytes = await store.read(pageFolder(ref, pageOf(index)) + index);
      const ended = String(bytes);
      return isTerminal(ended) ? ended : 'canceled';
    },
    /** The entries of a page. */
    on: async (ref: BatchRef, page: number): Promise<ReadonlySet<number>> => {
      const indexes = new Set<number>();
      for await (const { key } of store.list(pageFolder(ref, page))) indexes.add(lastNumber(key));
      return indexes;
    },
    /** The pages that have any. */
    pages: async (ref: BatchRef): Promise<ReadonlySet<number>> => {
      const pages = new Set<number>();
      for await (const { key } of store.list(folder(ref))) pages.add(pageOf(lastNumber(key)));
      return pages;
    },
  };
}

const lastNumber = (key: string) => parseInt(key.split('/').at(-1) ?? '0', 10);

/** Marks by which batches are found without looking through everything that they hold. */
function batchLists(store: ObjectStore) {
  const openKey = ({ tenant, batch_id }: BatchRef) => `open-batches/${tenant}/${batch_id}`;
  const folder = (tenant: string) => `batch-list/${tenant}/`;
  return {
    add: ({ tenant, batch_id }: BatchRef) =>
      store.put(`${folder(tenant)}${backwards(batch_id)}`, Buffer.from(batch_id)),
    remove: ({ tenant, batch_id }: BatchRef) => store.remove(`${folder(tenant)}${backwards(batch_id)}`),
    /** Newest first, from behind the position. */
    newest: async function* (
      tenant: string,
      after?: string,
    ): AsyncIterable<{ batchId: string; position: string }> {
      for await (const { key } of store.list(folder(tenant), after && folder(tenant) + after)) {
        const position = key.slice(folder(tenant).length);
        yield { batchId: backwards(position), position };
      }
    },
    open: (ref: BatchRef) => store.put(openKey(ref), Buffer.from(ref.batch_id)),
    close: (ref: BatchRef) => store.remove(openKey(ref)),
    /** Batches that have not ended, of all tenants. */
    opened: async function* (): AsyncIterable<BatchRef> {
      for await (const { key } of store.list('open-batches/')) {
        const [, tenant, batch_id] = key.split('/');
        yield { tenant, batch_id };
      }
    },
  };
}

/** Every hex digit as its complement: stores list from small to large, people want the newest first. */
function backwards(id: string): string {
  return id.replace(/[0-9a-f]/g, (digit) => (15 - parseInt(digit, 16)).toString(16));
}
