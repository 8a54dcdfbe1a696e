import { CodedError } from '@bonafide/contracts';

/** Where a list goes on, as clients carry it: opaque, though nothing in it is secret. */
export function writeCursor(position: string): string {
  return Buffer.from(position).toString('base64url');
}

/** @throws CodedError `not_found` for a text that no list of ours has given out */
export function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  if (writeCursor(position) === cursor) return position;
  throw new CodedError('not_found', 'There is no such page: the cursor is not one of this list');
}
