import { CodedError, evaluationSchema, type Comparison, type Evaluation } from '@bonafide/contracts';
import type { ServingRecords } from '../records/serving';
import { readComparison } from './comparisons';
import { readServing } from './serving-state';
import type { Shelf } from './shelf';
import { parseJson, type ShelvedBundle } from './shelved-bundle';

type Sources = { records: { serving: ServingRecords }; shelf: Shelf };
type Pair = { version?: string; with?: string };
type Row = Comparison['evaluation'][number];

/**
 * How two bundles differ: on live traffic, and in the evaluations that came with them. Without names the active
 * one and its shadow, or else its canary, or else what was active before.
 * @throws CodedError `not_found`, `conflict` where there is nothing to compare with
 */
export async function compareModels(sources: Sources, pair: Pair): Promise<Comparison> {
  const { records, shelf } = sources;
  const { active, shadow, canary, previous } = await readServing(sources);
  const version = pair.version ?? active.version;
  const other = pair.with ?? (shadow ?? canary ?? previous[0])?.version;
  if (other === undefined)
    throw new CodedError('conflict', 'There is no shadow to compare the active bundle with');
  const [a, b] = [await shelf.find(version), await shelf.find(other)];
  return {
    version,
    with: other,
    live: await readComparison(records.serving, { answered: version, shadow: other }),
    evaluation: compareEvaluations(await readEvaluation(a), await readEvaluation(b)),
  };
}

/** Null where the bundle comes without one that can be read. */
export async function readEvaluation({ read }: ShelvedBundle): Promise<Evaluation | null> {
  const bytes = await read('evaluation.json');
  const parsed = evaluationSchema.safeParse(bytes && parseJson(bytes));
  return parsed.success ? parsed.data : null;
}

function compareEvaluations(a: Evaluation | null, b: Evaluation | null): Row[] {
  return (['cv', 'dev'] as const).flatMap((protocol) => {
    const [ofA, ofB] = [a?.protocols[protocol] ?? {}, b?.protocols[protocol] ?? {}];
    const systems = [...new Set([...Object.keys(ofA), ...Object.keys(ofB)])];
    return systems.map((system): Row => {
      const [one, two] = [ofA[system]?.pooled, ofB[system]?.pooled];
      const figures = { eer: one?.eer ?? null, with_eer: two?.eer ?? null };
      return { protocol, system, ...figures, auc: one?.auc ?? null, with_auc: two?.auc ?? null };
    });
  });
}
