import { CodedError, type Ensemble, type Profile, type Report } from '@bonafide/contracts';
import { DecoderError, type Detector } from '@bonafide/pipeline';
import { accessProblem } from './file-access';

export type FileFailure = {
  success: false;
  error: { code: string; message: string };
  audio_info: { file_path: string };
};
export type FileAnswer = Report | FileFailure;

export type FileOptions = {
  profile?: Profile;
  ensemble?: Ensemble;
  maxDurationSec: number;
  timeoutSec: number;
};

/** One file's answer: a report or a coded failure. @throws DecoderError, which no other file would fare better by */
export async function analyzeFile(
  detector: Detector,
  file: string,
  options: FileOptions,
): Promise<FileAnswer> {
  try {
    const problem = await accessProblem(file);
    if (problem) return failureOf(file, problem.code, problem.message);
    return await detector.detect(file, { ...options, filename: file });
  } catch (error) {
    if (error instanceof DecoderError) throw error;
    if (error instanceof CodedError) return failureOf(file, error.code, error.message);
    return failureOf(file, 'internal_error', (error as Error).message);
  }
}

export function failureOf(file: string, code: string, message: string): FileFailure {
  return { success: false, error: { code, message }, audio_info: { file_path: file } };
}
