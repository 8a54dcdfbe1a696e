import { mkdir } from 'node:fs/promises';
import { CodedError, type BundleRef } from '@bonafide/contracts';
import { BundleError, loadDetector, type Detector } from '@bonafide/pipeline';
import { withLocalFolder, type Shelf } from '@bonafide/platform';

type Place = { shelf: Shelf; workFolder: string; ffmpegPath?: string; warmUpRounds: number };

/**
 * Loads that very bundle, wherever it lies, and warms up.
 * @throws CodedError `bundle_refused`, `not_found`
 */
export async function loadBundle(
  { shelf, workFolder, ffmpegPath, warmUpRounds }: Place,
  ref: BundleRef,
): Promise<Detector> {
  const bundle = await shelf.find(ref.version, ref.digest);
  await mkdir(workFolder, { recursive: true, mode: 0o700 });
  try {
    const load = (modelsDir: string) => loadDetector({ modelsDir, ffmpegPath, warmUpRounds });
    return await withLocalFolder(bundle, workFolder, load);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    throw new CodedError('bundle_refused', error.message, { cause: error });
  }
}

/** Whether the bundle is at fault, for good: asking again gives the same answer. */
export function isRefusal(error: unknown): error is CodedError {
  return error instanceof CodedError && (error.code === 'bundle_refused' || error.code === 'not_found');
}
