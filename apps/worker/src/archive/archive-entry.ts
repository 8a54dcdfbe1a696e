import type { SkipReason } from '@bonafide/contracts';

/** What the archive says that an entry is; one that is no file is left out unread. */
export type EntryKind =
  'file' | 'directory' | 'link' | 'special' | 'sparse' | 'encrypted' | 'overlapping' | 'unreadable';

/** One entry as a reader comes by it. */
export type ArchiveEntry = {
  path: string;
  /** The bytes that the archive has for the path. */
  rawPath: Buffer;
  kind: EntryKind;
  /** What else there is to say of an entry of this kind. */
  detail?: string;
  /** As the archive states it: only to refuse early, never to rely on. */
  statedBytes: number;
  /**
   * The content, to be read to its end before the next entry is asked for, or not at all.
   * Ends with CodedError `archive_damaged` where the archive does not hold what it says, and with
   * EntryTooLarge where it unpacks to more than is allowed.
   */
  content(): AsyncIterable<Buffer>;
};

/** Entries in the order in which the archive lists them, the first `from` of them left out unread. */
export type ArchiveReader = (from: number) => AsyncIterable<ArchiveEntry>;

/** One entry is over a limit; the others are not touched by it. */
export class EntryTooLarge extends Error {
  override readonly name = 'EntryTooLarge';
}

export type Skip = { reason: SkipReason; detail?: string; duplicate_of?: number };
