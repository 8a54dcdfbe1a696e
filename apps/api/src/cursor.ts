import { CodedError, type Page } from '@bonafide/contracts';
import { z } from 'zod';

/** Where a list goes on, as clients carry it: opaque, though nothing in it is secret. */
export function writeCursor(position: string): string {
  return Buffer.from(position).toString('base64url');
}

/** @throws CodedError `not_found` for a text that no list of ours has given out */
export function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  if (writeCursor(position) === cursor) return position;
  throw noSuchPage();
}

/** The same of a list in the order of ids, as `pageOfDocs` makes them. */
export function readIdCursor(cursor: string | undefined): string | undefined {
  const id = readCursor(cursor);
  if (id !== undefined && !z.uuidv7().safeParse(id).success) throw noSuchPage();
  return id;
}

/** One page of documents that come in the order of their ids, each as people see it. */
export async function pageOfDocs<Doc extends { id: string }, Item>(
  docs: AsyncIterable<{ doc: Doc }>,
  limit: number,
  view: (doc: Doc) => Item | Promise<Item>,
): Promise<Page<Item>> {
  const items: Item[] = [];
  let lastId = '';
  for await (const { doc } of docs) {
    if (items.length === limit) return { items, next_cursor: writeCursor(lastId) };
    items.push(await view(doc));
    lastId = doc.id;
  }
  return { items, next_cursor: null };
}

const noSuchPage = () =>
  new CodedError('not_found', 'There is no such page: the cursor is not one of this list');
