import { randomUUID } from 'node:crypto';
import type { ComparisonRecord, Report } from '@bonafide/contracts';
import { keepLargest, NO_DIFFERENCES, type Logger, type Records } from '@bonafide/platform';

const WRITE_EVERY_MS = 1_000;

type Pair = { answered: string; shadow: string };
type Seen = { tenant: string; analysisId: string; answer: Report; shadow: Report };

/** What this process sees of how a shadow differs, written down now and then. */
export type ShadowTally = {
  add(pair: Pair, seen: Seen): void;
  /** Of an analysis that the shadow did not score. */
  note(pair: Pair, why: 'failed' | 'missed'): void;
  /** Writes what is not written yet. */
  stop(): Promise<void>;
};

export function createShadowTally({ serving }: Records, log: Logger): ShadowTally {
  const process_id = randomUUID();
  const records = new Map<string, ComparisonRecord>();
  const unwritten = new Set<string>();
  /** The analyses of each document as it was written last. */
  const written = new Map<string, ReadonlySet<string>>();
  const change = (pair: Pair, edit: (record: ComparisonRecord) => Partial<ComparisonRecord>) => {
    const name = `${pair.answered}/${pair.shadow}`;
    const now = new Date().toISOString();
    const fresh = { ...NO_DIFFERENCES, ...pair, format: 1, process_id, since: now, until: now } as const;
    const record = records.get(name) ?? fresh;
    records.set(name, { ...record, ...edit(record), until: now });
    unwritten.add(name);
  };
  /** What a deletion has taken out of the document since it was written is not to come back. */
  const writeOne = async (name: string) => {
    const { answered, shadow } = records.get(name)!;
    const stored = await serving.comparisons.get({ answered, shadow, process_id });
    const there = idsIn(stored);
    const isForgotten = (id: string) => written.get(name)?.has(id) === true && !there.has(id);
    const latest = records.get(name)!;
    const largest = latest.largest.filter(({ analysis_id }) => !isForgotten(analysis_id));
    const record = { ...latest, largest };
    records.set(name, record);
    await serving.comparisons.put(record);
    written.set(name, idsIn(record));
  };
  const write = async () => {
    for (const name of [...unwritten]) {
      unwritten.delete(name);
      await writeOne(name).catch((error: Error) => {
        unwritten.add(name);
        log.warn({ err: error }, 'how a shadow differs could not be written');
      });
    }
  };
  const timer = setInterval(() => void write(), WRITE_EVERY_MS);
  timer.unref();
  return {
    add: (pair, seen) => change(pair, (record) => addDifference(record, seen)),
    note: (pair, why) => change(pair, (record) => ({ [why]: record[why] + 1 })),
    stop: async () => {
      clearInterval(timer);
      await write();
    },
  };
}

const idsIn = (record: ComparisonRecord | null) =>
  new Set(record?.largest.map(({ analysis_id }) => analysis_id));

function addDifference(record: ComparisonRecord, { tenant, analysisId, answer, shadow }: Seen) {
  const hasChanged = answer.ensemble_result.verdict !== shadow.ensemble_result.verdict;
  const isCloned = shadow.ensemble_result.verdict === 'CLONED';
  const at = new Date().toISOString();
  const difference = {
    tenant,
    analysis_id: analysisId,
    at,
    p_fake: answer.p_fake,
    shadow_p_fake: shadow.p_fake,
  };
  return {
    scored: record.scored + 1,
    verdict_changes: record.verdict_changes + Number(hasChanged),
    to_cloned: record.to_cloned + Number(hasChanged && isCloned),
    to_authentic: record.to_authentic + Number(hasChanged && !isCloned),
    decision_changes: record.decision_changes + Number(answer.decision.status !== shadow.decision.status),
    sum_difference: record.sum_difference + Math.abs(answer.p_fake - shadow.p_fake),
    largest: keepLargest([...record.largest, difference]),
  };
}
