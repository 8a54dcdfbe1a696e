import { ENTRIES_A_PAGE, HISTOGRAM_BINS, type BatchEnd, type ResultLine } from '@bonafide/contracts';
import { createRecords, type ObjectStore } from '@bonafide/platform';
import { v7 as uuidv7 } from 'uuid';
import { createRandom } from './random';

/** A batch of so many entries as it lies in the store when it has ended: analysing them would take hours. @returns its id */
export async function writeEndedBatch(store: ObjectStore, entries: number): Promise<string> {
  const { batches } = createRecords(store);
  const id = uuidv7();
  const [tenant, at] = ['default', new Date().toISOString()];
  const base = { format: 1, id, tenant } as const;
  const random = createRandom(7);
  const end: BatchEnd = {
    ...{ ...base, round: 0, status: 'completed', started_at: at, finished_at: at },
    counters: {
      ...{ total: entries, queued: 0, processing: 0, succeeded: entries, failed: 0, skipped: 0, canceled: 0 },
      ...{ cached: 0, authentic: 0, cloned: 0, inconclusive: 0, partially_cloned: 0, changed: 0 },
    },
    histogram: Array<number>(HISTOGRAM_BINS).fill(0),
    pages: [],
  };
  const source = { kind: 'archive', archive: 'tar', bytes: 1, sha256: '0'.repeat(64) } as const;
  await batches.create({ ...base, created_at: at, filename: 'archive.tar', source });
  for (let first = 0; first < entries; first += ENTRIES_A_PAGE) {
    const indexes = Array.from({ length: Math.min(ENTRIES_A_PAGE, entries - first) }, (_, n) => first + n);
    const lines = indexes.map((index): ResultLine => {
      const p_fake = random();
      const verdict = p_fake > 0.5 ? 'CLONED' : 'AUTHENTIC';
      end.counters[verdict === 'CLONED' ? 'cloned' : 'authentic'] += 1;
      end.histogram[Math.floor(p_fake * HISTOGRAM_BINS)] += 1;
      return { index, status: 'succeeded', analysis_id: uuidv7(), verdict, p_fake, decision: 'conclusive' };
    });
    const found = indexes.map((index) => ({ index, path: `calls/${index}.wav`, state: 'accepted' as const }));
    await batches.manifest.write({ tenant, batch_id: id }, end.pages.length, found);
    await batches.results.write({ tenant, batch_id: id, round: 0 }, end.pages.length, lines);
    end.pages.push({ succeeded: indexes.length });
  }
  const totals = { entries, accepted: entries, skipped: 0, failed: 0 };
  await batches.expansions.create({ ...base, ...totals, ended_at: at });
  await batches.ends.create(end);
  await batches.lists.add({ tenant, batch_id: id });
  return id;
}
