import type { BatchRecord, ReanalysisFilter } from '@bonafide/contracts';
import { ensureIndexed, inParallel, isCreatedWithin, listIds } from '@bonafide/platform';
import type { WorkerContext } from '../context';

const PAGE = 500;
const READS_AT_A_TIME = 16;
const INDEX_PATIENCE_MS = 60_000;

/**
 * Which analyses of the tenant ended and match, oldest first; one more than a batch may have where there are more.
 * What is itself a second score of another is not among them: the first result is the one to compare with.
 */
export async function findAnalyses(
  context: WorkerContext,
  { tenant, created_at }: BatchRecord,
  filter: ReanalysisFilter,
): Promise<string[]> {
  await ensureIndexed(context, INDEX_PATIENCE_MS);
  const createdMs = Date.parse(created_at);
  const within = {
    fromMs: filter.from === undefined ? undefined : Date.parse(filter.from),
    beforeMs: filter.to === undefined ? createdMs : Math.min(createdMs, Date.parse(filter.to)),
  };
  const { status, label, batch } = filter;
  const query = { ...{ status, label, batchId: batch?.toLowerCase(), limit: PAGE }, ...within };
  const found: string[] = [];
  let after: string | undefined;
  do {
    const { ids, next } = await listIds(context.redis, tenant, { ...query, after });
    const matching = await inParallel(READS_AT_A_TIME, ids, async (id) =>
      (await isMatch(context, { tenant, analysis_id: id }, { ...filter, ...within })) ? [id] : [],
    );
    found.push(...matching.flat());
    after = next ?? undefined;
  } while (after !== undefined && found.length <= context.config.batches.maxEntries);
  return found.reverse();
}

async function isMatch(
  { records }: WorkerContext,
  ref: { tenant: string; analysis_id: string },
  {
    status,
    verdict,
    model_version,
    fromMs,
    beforeMs,
  }: ReanalysisFilter & { fromMs?: number; beforeMs?: number },
): Promise<boolean> {
  const [submission, outcome] = await Promise.all([records.submission(ref), records.outcome(ref)]);
  if (!submission || !outcome || submission.reanalysis) return false;
  if (!isCreatedWithin(submission, fromMs, beforeMs)) return false;
  if (status !== undefined && outcome.status !== status) return false;
  const report = outcome.status === 'succeeded' ? outcome.report : undefined;
  return (
    (verdict === undefined || report?.ensemble_result.verdict === verdict) &&
    (model_version === undefined || report?.model_version === model_version)
  );
}
