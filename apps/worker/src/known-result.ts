import type { ContentRecord, Ensemble, Profile, Report, Submission } from '@bonafide/contracts';
import type { Detector } from '@bonafide/pipeline';
import type { WorkerContext } from './context';

const DEFAULT_PROFILE: Profile = 'balanced';

/** That the analysis has the result of these bytes: named by what a result depends on, beside the code that made it. */
function noteOf({ manifest, digest }: Detector, submission: Submission): ContentRecord {
  const { tenant, id, sha256, profile = DEFAULT_PROFILE } = submission;
  const ensemble: Ensemble = submission.ensemble ?? manifest.default_ensemble;
  const model = { model_version: manifest.version, model_digest: digest };
  return { format: 1, tenant, sha256, ...model, ensemble, profile, analysis_id: id };
}

type Claim = {
  /** What the same recording already has, by the same model and with the same options. */
  known: Report | null;
  /** Whether the next one with the same bytes finds this analysis. */
  isNoted: boolean;
};

/**
 * Notes the analysis as the one whose result others with the same bytes take over, unless another one is noted: then
 * its result, where it has one. A note tells nobody anything before its outcome is there, so it is written ahead, by the
 * request that asks: in place of a look now and a note at the end.
 */
export async function claimResult(
  context: WorkerContext,
  submission: Submission,
  detector: Detector,
): Promise<Claim> {
  const { contents } = context.records;
  const note = noteOf(detector, submission);
  if ((await contents.create(note)) === 'created') return { known: null, isNoted: true };
  const noted = await contents.get(note);
  if (noted?.analysis_id === submission.id) return { known: null, isNoted: true };
  return { known: noted && (await resultOf(context, submission, noted.analysis_id)), isNoted: false };
}

/** The result of that analysis under the name of this one; null where it has none, or has been deleted. */
async function resultOf(
  { records }: WorkerContext,
  { tenant, filename }: Submission,
  analysisId: string,
): Promise<Report | null> {
  const outcome = await records.outcome({ tenant, analysis_id: analysisId });
  if (outcome?.status !== 'succeeded') return null;
  const { report } = outcome;
  return { ...report, audio_info: { ...report.audio_info, file_path: filename }, cached: true };
}

/** Takes the place of a note that led to nothing. */
export async function noteResult(
  context: WorkerContext,
  submission: Submission,
  detector: Detector,
): Promise<void> {
  await context.records.contents.put(noteOf(detector, submission));
}
