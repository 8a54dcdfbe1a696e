import type { Feedback, FeedbackFigures, FeedbackRecord, FeedbackRef } from '@bonafide/contracts';
import { inParallel } from '../batches/in-parallel';
import { momentOfId } from '../redis/index-keys';
import { FEEDBACK_PREFIX, feedbackRefOfKey, REVOCATIONS_PREFIX } from '../records/feedback';
import type { Records } from '../records/records';
import type { ObjectStore } from '../store/object-store';

const DAYS = 90;
const DAY_MS = 86_400_000;
const BINS = 10;
const AT_A_TIME = 16;
/** Two-sided 95 %. */
const Z = 1.96;

type Context = { records: Records; store: ObjectStore };
type Judged = Pick<FeedbackRecord, 'label' | 'told'>;
type Rate = FeedbackFigures['accuracy'];

/** What people said in the last 90 days, held against what they were told. */
export async function feedbackFigures(context: Context, nowMs: number): Promise<FeedbackFigures> {
  return figuresOf(await standingFeedback(context, nowMs - DAYS * DAY_MS));
}

/** The last word that stands on each analysis. Ids tell their time, so that older ones are not read. */
async function standingFeedback({ records, store }: Context, sinceMs: number): Promise<FeedbackRecord[]> {
  const revoked = new Set<string>();
  for await (const { key } of store.list(REVOCATIONS_PREFIX)) revoked.add(behindFolder(key));
  const refs: FeedbackRef[] = [];
  for await (const { key } of store.list(FEEDBACK_PREFIX)) {
    const ref = feedbackRefOfKey(key);
    const isMeant = ref && momentOfId(ref.feedback_id) >= sinceMs && !revoked.has(behindFolder(key));
    if (isMeant) refs.push(ref);
  }
  const found = await inParallel(AT_A_TIME, refs, (ref) => records.feedback.given.get(ref));
  const last = new Map<string, FeedbackRecord>();
  for (const record of found) {
    if (!record) continue;
    const analysis = `${record.tenant}/${record.analysis_id}`;
    const before = last.get(analysis);
    if (!before || before.id < record.id) last.set(analysis, record);
  }
  return [...last.values()];
}

const behindFolder = (key: string) => key.slice(key.indexOf('/') + 1);

/** Accuracy and error rates with their intervals, and whether a score of 0.8 was right eight times in ten. Pure. */
export function figuresOf(said: readonly Judged[]): FeedbackFigures {
  const count = (label: Feedback['label']) => said.filter((each) => each.label === label).length;
  const judged = said.filter(({ label }) => label !== 'unsure');
  const reliability = reliabilityOf(judged);
  const versions = [...new Set(judged.map(({ told }) => told.model_version))].sort();
  return {
    days: DAYS,
    labels: { real: count('real'), fake: count('fake'), unsure: count('unsure') },
    ...ratesOf(judged),
    ece: judged.length === 0 ? null : calibrationError(reliability, judged.length),
    reliability,
    by_model: versions.map((model_version) => ({
      model_version,
      ...ratesOf(judged.filter(({ told }) => told.model_version === model_version)),
    })),
  };
}

function ratesOf(judged: readonly Judged[]): { accuracy: Rate; fpr: Rate; fnr: Rate } {
  const isWrong = ({ label, told }: Judged) => (told.verdict === 'CLONED') !== (label === 'fake');
  const [real, fake] = [
    judged.filter(({ label }) => label === 'real'),
    judged.filter(({ label }) => label === 'fake'),
  ];
  const wrong = judged.filter(isWrong).length;
  return {
    accuracy: rateOf(judged.length - wrong, judged.length),
    fpr: rateOf(real.filter(isWrong).length, real.length),
    fnr: rateOf(fake.filter(isWrong).length, fake.length),
  };
}

/** A share with its 95 % interval (Wilson 1927), which holds for few counts too. */
export function rateOf(hits: number, of: number): Rate {
  if (of === 0) return null;
  const value = hits / of;
  const spread = Z * Math.sqrt((value * (1 - value)) / of + (Z * Z) / (4 * of * of));
  const [middle, scale] = [value + (Z * Z) / (2 * of), 1 + (Z * Z) / of];
  const bounded = (edge: number) => Number(Math.min(1, Math.max(0, edge)).toFixed(4));
  return { value, interval: [bounded((middle - spread) / scale), bounded((middle + spread) / scale)], of };
}

function reliabilityOf(judged: readonly Judged[]): FeedbackFigures['reliability'] {
  return Array.from({ length: BINS }, (_, bin) => {
    const [low, high] = [bin / BINS, (bin + 1) / BINS];
    const inside = judged.filter(({ told }) => Math.min(BINS - 1, Math.floor(told.p_fake * BINS)) === bin);
    const n = inside.length;
    const sum = inside.reduce((all, { told }) => all + told.p_fake, 0);
    const fakes = inside.filter(({ label }) => label === 'fake').length;
    return { low, high, n, mean_p_fake: n === 0 ? 0 : sum / n, share_fake: n === 0 ? 0 : fakes / n };
  }).filter(({ n }) => n > 0);
}

/** Mean distance between what was said and what was so, weighed by how often (expected calibration error). */
function calibrationError(bins: FeedbackFigures['reliability'], total: number): number {
  return bins.reduce((sum, bin) => sum + (bin.n / total) * Math.abs(bin.mean_p_fake - bin.share_fake), 0);
}
