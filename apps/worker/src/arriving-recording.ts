import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnalysisRef, Submission } from '@bonafide/contracts';
import { mediaKey, mediaKeyOf } from '@bonafide/platform';
import type { WorkerContext } from './context';
import { timed } from './measures';

/** A recording on its way from the store into a file of this process. */
export type ArrivingRecording = {
  path: string;
  /** Resolves once it is there, or with false where the store has none. @throws CodedError of the store */
  arrived(submission: Submission): Promise<boolean>;
  /** Removes the file, also one that is still to come. */
  remove(): Promise<void>;
};

/** Sets off: while it comes, others find out what is to be done with it. */
export async function fetchRecording(
  { store, engine: { metrics, workFolder } }: WorkerContext,
  ref: AnalysisRef,
  signal: AbortSignal,
): Promise<ArrivingRecording> {
  // Systems sweep their temporary folders under processes that live for weeks.
  await mkdir(workFolder, { recursive: true, mode: 0o700 });
  const path = join(workFolder, ref.analysis_id);
  const fetching = timed(metrics, 'fetch', store.fetch(mediaKey(ref), path, signal));
  const ended = fetching.catch(() => undefined);
  return {
    path,
    arrived: async (submission) => {
      if (await fetching) return true;
      // What is scored again has no recording of its own.
      return submission.reanalysis !== undefined && store.fetch(mediaKeyOf(submission), path, signal);
    },
    remove: async () => {
      await ended;
      await rm(path, { force: true });
    },
  };
}
