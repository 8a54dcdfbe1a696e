import { CodedError } from '@bonafide/contracts';
import type { BatchLimits } from '@bonafide/platform';
import { EntryTooLarge } from './archive-entry';

/** Below these a ratio says nothing: silence packs a thousand times and is no bomb. */
const FREE_ENTRY_BYTES = 16 * 1024 ** 2;
const FREE_TOTAL_BYTES = 64 * 1024 ** 2;

/** Counts what is really unpacked, whatever the archive says of itself. */
export type Meter = {
  /** @throws CodedError `archive_over_limit` */
  entry(): void;
  /** @throws CodedError `archive_over_limit` */
  unpacked(bytes: number): void;
  /**
   * That it will have to be unpacked as far as this, which ends one that states a bomb before it is read.
   * @throws CodedError `archive_over_limit`
   */
  willReach(bytes: number): void;
  /** @throws EntryTooLarge */
  assertEntry(bytes: number, packedBytes?: number): void;
};

/** @param packedBytes of an archive; of what was never packed, without end */
export function createMeter(limits: BatchLimits, packedBytes = Infinity): Meter {
  const { maxEntries, maxEntryBytes, maxTotalBytes, maxRatio } = limits;
  let entries = 0;
  let bytes = 0;
  const assertTotal = (total: number) => {
    if (total > maxTotalBytes) throw overLimit(`more than ${maxTotalBytes} bytes`);
    if (total > FREE_TOTAL_BYTES && total > packedBytes * maxRatio) {
      throw overLimit(`more than ${maxRatio} times its own size`);
    }
  };
  return {
    entry: () => {
      entries++;
      if (entries > maxEntries) throw overLimit(`more than ${maxEntries} entries`);
    },
    unpacked: (more) => {
      bytes += more;
      assertTotal(bytes);
    },
    willReach: assertTotal,
    assertEntry: (entryBytes, entryPackedBytes) => {
      if (entryBytes > maxEntryBytes) throw new EntryTooLarge(`has more than ${maxEntryBytes} bytes`);
      const isBomb = entryPackedBytes !== undefined && entryBytes > entryPackedBytes * maxRatio;
      if (isBomb && entryBytes > FREE_ENTRY_BYTES) {
        throw new EntryTooLarge(`unpacks to more than ${maxRatio} times its packed size`);
      }
    },
  };
}

/** The content as it is, counted. @throws CodedError `archive_over_limit` */
export async function* metered(content: AsyncIterable<Buffer>, meter: Meter): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    meter.unpacked(chunk.length);
    yield chunk;
  }
}

function overLimit(what: string): CodedError {
  return new CodedError('archive_over_limit', `It holds ${what}`);
}
