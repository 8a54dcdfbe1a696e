import type { Ensemble, Manifest, Profile, Report, Submission } from '@bonafide/contracts';
import type { ContentRef } from '@bonafide/platform';
import type { WorkerContext } from './context';

const DEFAULT_PROFILE: Profile = 'balanced';

/** What a result depends on, beside the code that made it. */
function contentOf(manifest: Manifest, submission: Submission): ContentRef {
  const { tenant, sha256, profile = DEFAULT_PROFILE } = submission;
  const ensemble: Ensemble = submission.ensemble ?? manifest.default_ensemble;
  return { tenant, sha256, model_version: manifest.version, ensemble, profile };
}

/**
 * The result that the same recording already has, by the same model and with the same options; null where there is
 * none, or where that analysis has been deleted.
 */
export async function knownResult(
  context: WorkerContext,
  submission: Submission,
  manifest: Manifest,
): Promise<Report | null> {
  const known = await context.records.contents.get(contentOf(manifest, submission));
  if (!known || known.analysis_id === submission.id) return null;
  const { tenant } = submission;
  const outcome = await context.records.outcome({ tenant, analysis_id: known.analysis_id });
  if (outcome?.status !== 'succeeded') return null;
  const { report } = outcome;
  return { ...report, audio_info: { ...report.audio_info, file_path: submission.filename }, cached: true };
}

/** Lets the next one with the same bytes find the result. */
export async function noteResult(
  context: WorkerContext,
  submission: Submission,
  manifest: Manifest,
): Promise<void> {
  const content = contentOf(manifest, submission);
  await context.records.contents.put({ format: 1, ...content, analysis_id: submission.id });
}
