import type { Batch, BatchItem, BatchRef, ItemStatus, Page, PageQuery } from '@bonafide/contracts';
import { CodedError, ENTRIES_A_PAGE } from '@bonafide/contracts';
import { createBatchBoard, pageOf, readBatchState, readItemPage, viewItem } from '@bonafide/platform';
import type { ApiContext } from './context';
import { readCursor, writeCursor } from './cursor';
import { findBatch, viewBatch } from './read-batch';

/** Pages of the manifest looked through for one answer: a filter that fits little answers less than was asked for. */
const MAX_PAGES_READ = 40;

/** Batches of a tenant, the newest first. */
export async function listBatches(
  context: ApiContext,
  tenant: string,
  { limit, cursor }: PageQuery,
): Promise<Page<Batch>> {
  const { batches } = context.records;
  const after = readCursor(cursor);
  if (after !== undefined && !/^[0-9a-f-]{36}$/.test(after)) throw notOfThisList();
  const found: { batchId: string; position: string }[] = [];
  for await (const one of batches.lists.newest(tenant, after)) {
    found.push(one);
    if (found.length > limit) break;
  }
  const page = found.slice(0, limit);
  const states = await Promise.all(
    page.map(({ batchId }) => readBatchState(batches, { tenant, batch_id: batchId })),
  );
  const items = await Promise.all(
    states.filter((state) => state !== null).map((state) => viewBatch(context, state)),
  );
  const last = page.at(-1);
  return { items, next_cursor: found.length > limit && last ? writeCursor(last.position) : null };
}

/** Entries of a batch in the order of the archive, those of one status where one is named. */
export async function listItems(
  context: ApiContext,
  ref: BatchRef,
  { limit, cursor, status }: PageQuery & { status?: ItemStatus },
): Promise<Page<BatchItem>> {
  const batch = await findBatch(context, ref);
  const sources = { records: context.records, board: createBatchBoard(context.redis) };
  const items: BatchItem[] = [];
  let next = readPosition(cursor);
  for (let read = 0; read < MAX_PAGES_READ;) {
    const page = pageOf(next);
    if (status && batch.end && page < batch.end.pages.length && !batch.end.pages[page][status]) {
      next = (page + 1) * ENTRIES_A_PAGE;
      continue;
    }
    const entries = await readItemPage(sources, batch, page);
    read++;
    for (const entry of entries?.slice(next % ENTRIES_A_PAGE) ?? []) {
      if (items.length === limit) return { items, next_cursor: writeCursor(String(next)) };
      const item = viewItem(entry);
      if (status === undefined || item.status === status) items.push(item);
      next++;
    }
    if (!entries || entries.length < ENTRIES_A_PAGE) return { items, next_cursor: null };
  }
  return { items, next_cursor: writeCursor(String(next)) };
}

function readPosition(cursor: string | undefined): number {
  const position = readCursor(cursor) ?? '0';
  if (!/^\d{1,9}$/.test(position)) throw notOfThisList();
  return Number(position);
}

function notOfThisList(): CodedError {
  return new CodedError('not_found', 'There is no such page: the cursor is not one of this list');
}
