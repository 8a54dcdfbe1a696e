import {
  analysisSchema,
  isTerminal,
  MAX_WAIT_SEC,
  reportSchema,
  type Analysis,
  type Report,
  type SubmissionOptions,
} from '@bonafide/contracts';
import { errorOf, UnexpectedAnswerError } from './problem-error';

export type Recording = { content: Blob; filename: string };
export type CallOptions = { signal?: AbortSignal };

export type Client = {
  /** Hands a recording over; its analysis is queued when this resolves. */
  submit(recording: Recording, options?: SubmissionOptions & CallOptions): Promise<Analysis>;
  /** The analysis now, or as soon as it has ended within `waitSec`. */
  get(id: string, options?: CallOptions & { waitSec?: number }): Promise<Analysis>;
  /** The analysis once it has ended. @throws WaitTimeoutError after `timeoutSec` */
  wait(id: string, options: CallOptions & { timeoutSec: number }): Promise<Analysis>;
  /** One call: the report, or the analysis to wait for where it takes longer than the service lets a call wait. */
  analyzeVoiceData(
    recording: Recording,
    options?: SubmissionOptions & CallOptions,
  ): Promise<{ report: Report } | { analysis: Analysis }>;
};

export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError';
}

/**
 * Speaks to one service. Every method throws ProblemError when the service refuses and
 * UnexpectedAnswerError when something else answers.
 */
export function createClient(baseUrl: string): Client {
  const at = (path: string) => new URL(path, baseUrl);
  const get: Client['get'] = async (id, { waitSec = 0, signal } = {}) => {
    const url = at(`/v1/analyses/${encodeURIComponent(id)}`);
    if (waitSec > 0) url.searchParams.set('wait', String(waitSec));
    return readAnalysis(await fetch(url, { signal }));
  };
  return {
    submit: async (recording, options = {}) =>
      readAnalysis(await post(at('/v1/analyses'), recording, options)),
    get,
    wait: (id, options) => waitFor(get, id, options),
    analyzeVoiceData: async (recording, options = {}) => {
      const response = await post(at('/analyze_voice_data'), recording, options);
      if (response.status === 202) return { analysis: await readAnalysis(response) };
      return { report: reportSchema.parse(await readBody(response)) };
    },
  };
}

/** Long-polls until the end or the deadline; each poll waits in the service, not here. */
async function waitFor(
  get: Client['get'],
  id: string,
  { timeoutSec, signal }: CallOptions & { timeoutSec: number },
): Promise<Analysis> {
  const deadlineMs = performance.now() + timeoutSec * 1000;
  for (;;) {
    const leftSec = (deadlineMs - performance.now()) / 1000;
    if (leftSec <= 0) throw new WaitTimeoutError(`analysis ${id} has not ended within ${timeoutSec} s`);
    const analysis = await get(id, { waitSec: Math.min(leftSec, MAX_WAIT_SEC), signal });
    if (isTerminal(analysis.status)) return analysis;
  }
}

async function post(
  url: URL,
  recording: Recording,
  options: SubmissionOptions & CallOptions,
): Promise<Response> {
  const { signal, ...texts } = options;
  const form = new FormData();
  for (const [name, value] of Object.entries(texts)) {
    if (value !== undefined) form.set(name, value);
  }
  form.set('file', recording.content, recording.filename);
  return fetch(url, { method: 'POST', body: form, signal });
}

async function readAnalysis(response: Response): Promise<Analysis> {
  return analysisSchema.parse(await readBody(response));
}

async function readBody(response: Response): Promise<unknown> {
  if (!response.ok) throw await errorOf(response);
  const body: unknown = await response.json().catch(() => null);
  if (body === null) throw new UnexpectedAnswerError(`${response.url} answered something that is not JSON`);
  return body;
}
