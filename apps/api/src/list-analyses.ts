import {
  CodedError,
  type AnalysesQuery,
  type Analysis,
  type AnalysisSummary,
  type Page,
} from '@bonafide/contracts';
import { ensureIndexed, inParallel, isAnalysisId, isCreatedWithin, listIds } from '@bonafide/platform';
import { upkeepOf, type ApiContext } from './context';
import { readCursor, writeCursor } from './cursor';
import { readAnalysis } from './read-analysis';

/** How long a request waits for an index that is being made again. */
const PATIENCE_MS = 5_000;
const AT_A_TIME = 16;

/** Analyses of a tenant that match, those first whose upload began last. What they are is read from the records. */
export async function listAnalyses(
  context: ApiContext,
  tenant: string,
  { limit, cursor, status, batch, label, reanalysis_of, from, to }: AnalysesQuery,
): Promise<Page<AnalysisSummary>> {
  const after = readCursor(cursor);
  if (after !== undefined && !isAnalysisId(after)) {
    throw new CodedError('not_found', 'There is no such page: the cursor is not one of this list');
  }
  const [fromMs, beforeMs] = [momentOf(from), momentOf(to)];
  await ensureIndexed(upkeepOf(context), PATIENCE_MS);
  const { ids, next } = await listIds(context.redis, tenant, {
    ...{ status, label, batchId: batch, reanalysisOf: reanalysis_of, after, limit },
    ...{ fromMs, beforeMs },
  });
  const found = await inParallel(AT_A_TIME, ids, (id) => readOrNull(context, tenant, id));
  const isMatch = (analysis: Analysis | null): analysis is Analysis =>
    analysis !== null &&
    (status === undefined || analysis.status === status) &&
    isCreatedWithin(analysis, fromMs, beforeMs);
  return {
    items: found.filter(isMatch).map(summaryOf),
    next_cursor: next === null ? null : writeCursor(next),
  };
}

const momentOf = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));

/** One may be deleted between the index and its record. */
async function readOrNull(context: ApiContext, tenant: string, id: string): Promise<Analysis | null> {
  try {
    return await readAnalysis(context, { tenant, analysis_id: id });
  } catch (error) {
    if (error instanceof CodedError && error.code === 'not_found') return null;
    throw error;
  }
}

function summaryOf({ result, ...analysis }: Analysis): AnalysisSummary {
  return {
    ...analysis,
    verdict: result?.ensemble_result.verdict ?? null,
    p_fake: result?.p_fake ?? null,
    decision: result?.decision.status ?? null,
    partially_cloned: result?.partially_cloned ?? null,
  };
}
