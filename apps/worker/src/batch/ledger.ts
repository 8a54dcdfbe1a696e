import { ENTRIES_A_PAGE, type BatchRef, type ManifestEntry, type Totals } from '@bonafide/contracts';
import { TryLater, type BatchBoard, type BatchRecords } from '@bonafide/platform';

/** An unfinished page is written anew as it grows: this often, so that the list of entries is not far behind. */
const WRITE_EVERY_MS = 1_000;

/** The manifest of a batch as it grows, in the order of its entries. */
export type Ledger = {
  /** The entry to go on with. */
  next(): number;
  totals(): Totals;
  add(line: ManifestEntry): Promise<void>;
  /** Everything that was added is in the store when it returns. */
  flush(): Promise<void>;
  /** The same, and nothing will be added. */
  close(): Promise<void>;
  /** Which entry had this content first. */
  firstWith(sha256: string): number | undefined;
  noteContent(sha256: string, index: number): void;
};

/** Goes on where the pages in the store end; what a run that was cut off had not written is taken in again. */
export async function openLedger(
  { batches, board }: { batches: BatchRecords; board: BatchBoard },
  ref: BatchRef,
): Promise<Ledger> {
  const totals: Totals = { entries: 0, accepted: 0, skipped: 0, failed: 0 };
  const firsts = new Map<string, number>();
  const count = (line: ManifestEntry) => {
    totals.entries++;
    totals[line.state]++;
    if (line.state === 'accepted' && line.sha256 !== undefined) firsts.set(line.sha256, line.index);
  };
  let { page, number } = await readAll(batches, ref, count);
  let writtenAtMs = 0;
  const writePage = async (how: 'grow' | 'write') => {
    writtenAtMs = performance.now();
    if (page.length > 0) {
      await assertFirst({ batches, ref, number }, page.length);
      await batches.manifest[how](ref, number, page);
    }
    await board.setTotals({ ...ref, round: 0 }, totals, 'expanding');
  };
  const flush = () => writePage('grow');
  return {
    next: () => totals.entries,
    totals: () => ({ ...totals }),
    add: async (line) => {
      count(line);
      page.push(line);
      if (page.length === ENTRIES_A_PAGE) {
        await writePage('write');
        page = [];
        number++;
      } else if (performance.now() - writtenAtMs > WRITE_EVERY_MS) await flush();
    },
    flush,
    close: () => writePage('write'),
    firstWith: (sha256) => firsts.get(sha256),
    noteContent: (sha256, index) => void firsts.set(sha256, index),
  };
}

/** @returns the page to go on with, as far as it has grown */
async function readAll(
  batches: BatchRecords,
  ref: BatchRef,
  count: (line: ManifestEntry) => void,
): Promise<{ page: ManifestEntry[]; number: number }> {
  for (let number = 0; ; number++) {
    const page = (await batches.manifest.read(ref, number)) ?? [];
    page.forEach(count);
    if (page.length < ENTRIES_A_PAGE) return { page, number };
  }
}

type Place = { batches: BatchRecords; ref: BatchRef; number: number };

/**
 * A worker that froze was taken for dead, and another took the batch over: what that one has noted stays.
 * @throws TryLater where more is noted already, to go on from there
 */
async function assertFirst({ batches, ref, number }: Place, lines: number): Promise<void> {
  const noted = await batches.manifest.read(ref, number);
  if (noted && noted.length > lines) throw new TryLater(0);
}
