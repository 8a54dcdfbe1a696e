import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { createClient, ProblemError, UnexpectedAnswerError, type Client } from '@bonafide/client';
import type { Ensemble, Profile } from '@bonafide/contracts';
import { failureOf, type FileAnswer } from './analyze-file';
import { accessProblem } from './file-access';

type Options = { profile?: Profile; ensemble?: Ensemble };
export type Remote = { server: string; key: string | undefined; jobs: number; options: Options };

const LONGEST_ANALYSIS_SEC = 4 * 3_600;

/** The service cannot be reached, or wants another key: no file can be analysed. */
export class ServerError extends Error {}

/** Has a service analyse the files, a few at a time; answers go out in the order of the files. @throws ServerError */
export async function analyzeOnServer(
  files: readonly string[],
  { server, key, jobs, options }: Remote,
  onAnswer: (answer: FileAnswer, index: number) => void,
): Promise<void> {
  const client = createClient(server, { key });
  const answers: (Promise<FileAnswer> | undefined)[] = [];
  let next = 0;
  const startNext = () => {
    const file = files[next];
    if (file === undefined) return;
    const answer = analyzeOne(client, file, options);
    answer.then(startNext, () => undefined);
    answers[next++] = answer;
  };
  for (let lane = 0; lane < jobs; lane++) startNext();
  for (const index of files.keys()) {
    onAnswer((await answers[index]) as FileAnswer, index);
    answers[index] = undefined;
  }
}

async function analyzeOne(client: Client, file: string, options: Options): Promise<FileAnswer> {
  const problem = await accessProblem(file);
  if (problem) return failureOf(file, problem.code, problem.message);
  try {
    const content = await openAsBlob(file);
    const { id } = await client.submit({ content, filename: path.basename(file) }, options);
    const { result, error } = await client.wait(id, { timeoutSec: LONGEST_ANALYSIS_SEC });
    if (result) return { ...result, audio_info: { ...result.audio_info, file_path: file } };
    return failureOf(file, error?.code ?? 'canceled', error?.message ?? 'The analysis was canceled');
  } catch (error) {
    if (error instanceof ProblemError && ![401, 403, 503].includes(error.problem.status)) {
      return failureOf(file, error.problem.code, error.problem.detail);
    }
    throw asServerError(error);
  }
}

function asServerError(error: unknown): unknown {
  const { message } = error as Error;
  const isExpected = error instanceof ProblemError || error instanceof UnexpectedAnswerError;
  if (isExpected) return new ServerError(message, { cause: error });
  if (message === 'fetch failed') return new ServerError('the service cannot be reached', { cause: error });
  return error;
}
