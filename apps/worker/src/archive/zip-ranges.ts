import type { Entry, ZipFile } from 'yauzl';

const LOCAL_HEADER_BYTES = 30;

/**
 * Where the entries of a zip lie. Entries that share bytes are how an archive of kilobytes holds petabytes without
 * nesting; no tool makes such ones. One that reaches into the next is the one that lies: the next is left in peace.
 */
export class ZipRanges {
  private readonly seen = new Set<number>();

  private constructor(private readonly starts: Float64Array) {}

  /** Reads the whole directory of `zip`, as far as it can be read, and closes it. */
  static async of(zip: ZipFile): Promise<ZipRanges> {
    const starts: number[] = [];
    try {
      for await (const entry of zip.eachEntry()) starts.push(entry.relativeOffsetOfLocalHeader);
    } catch {
      // What is wrong with it is said when its entries are taken one by one.
    } finally {
      zip.close();
    }
    return new ZipRanges(Float64Array.from(starts).sort());
  }

  /** Whether the entry has its bytes for itself; of those that begin at one place the first asked for has them. */
  place(entry: Entry): 'alone' | 'shared' {
    const start = entry.relativeOffsetOfLocalHeader;
    const end = start + LOCAL_HEADER_BYTES + entry.fileNameLength + entry.compressedSize;
    const isFirst = !this.seen.has(start);
    this.seen.add(start);
    return isFirst && end <= this.nextAfter(start) ? 'alone' : 'shared';
  }

  private nextAfter(start: number): number {
    let [low, high] = [0, this.starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= start) low = middle + 1;
      else high = middle;
    }
    return this.starts[low] ?? Infinity;
  }
}
