import {
  analysesPageSchema,
  analysisSchema,
  deletionSchema,
  feedbackPageSchema,
  feedbackSchema,
  isTerminal,
  reportSchema,
  type AnalysesQuery,
  type Analysis,
  type AnalysisSummary,
  type Deletion,
  type Feedback,
  type FeedbackCreation,
  type Page,
  type PageQuery,
  type Report,
  type SubmissionOptions,
} from '@bonafide/contracts';
import type { CallOptions, Connection, CreationOptions } from './connection';
import { everyItem } from './pages';
import { formOf, type Recording, type StreamedRecording } from './recording';
import { listen, type ServerEvent } from './server-events';
import { pollUntil, type WaitOptions } from './wait';

/** A recording that the service can get by itself. */
export type RemoteRecording = ({ upload_id: string } | { url: string }) & { filename?: string };
type Submitting = SubmissionOptions & CreationOptions;
type FeedbackWish = Omit<FeedbackCreation, 'consent'> & { consent?: boolean };
type ListQuery = Partial<AnalysesQuery>;

export type Analyses = {
  /** Hands a recording over, by its bytes, its URL or an earlier upload; it is queued when this resolves. */
  submit(recording: Recording | StreamedRecording | RemoteRecording, options?: Submitting): Promise<Analysis>;
  /** The analysis now, or as soon as it has ended within `waitSec`. */
  get(id: string, options?: CallOptions & { waitSec?: number }): Promise<Analysis>;
  /** The analysis once it has ended. @throws WaitTimeoutError after `timeoutSec` */
  wait(id: string, options: WaitOptions): Promise<Analysis>;
  /** One page, the newest first. */
  list(query?: ListQuery, options?: CallOptions): Promise<Page<AnalysisSummary>>;
  /** All of them, page after page. */
  each(query?: ListQuery, options?: CallOptions): AsyncGenerator<AnalysisSummary, void, undefined>;
  cancel(id: string, options?: CallOptions): Promise<Analysis>;
  /** Removes recording, result and all that goes with them; tells what that was. */
  remove(id: string, options?: CallOptions): Promise<Deletion>;
  /** Says what a recording really is. */
  giveFeedback(id: string, said: FeedbackWish, options?: CreationOptions): Promise<Feedback>;
  /** What was said about it, the oldest first; what was taken back too. */
  listFeedback(id: string, query?: Partial<PageQuery>, options?: CallOptions): Promise<Page<Feedback>>;
  revokeFeedback(id: string, feedbackId: string, options?: CallOptions): Promise<Feedback>;
  /** Progress as it comes, until the end. */
  events(id: string, options?: CallOptions): AsyncGenerator<ServerEvent, void, undefined>;
  /** One call: the report, or the analysis to wait for where it takes longer than the service lets a call wait. */
  analyzeVoiceData(
    recording: Recording | StreamedRecording,
    options?: Submitting,
  ): Promise<{ report: Report } | { analysis: Analysis }>;
};

const pathOf = (id: string) => `/v1/analyses/${encodeURIComponent(id)}`;

const feedbackPathOf = (id: string) => `${pathOf(id)}/feedback`;

export function analysesOf(connection: Connection): Analyses {
  const { send, read } = connection;
  const get: Analyses['get'] = (id, { waitSec = 0, signal } = {}) =>
    read(analysisSchema, pathOf(id), { query: { wait: waitSec > 0 ? waitSec : undefined }, signal });
  const list: Analyses['list'] = (query, options) =>
    read(analysesPageSchema, '/v1/analyses', { ...options, query });
  return {
    submit: (recording, options) => read(analysisSchema, '/v1/analyses', creation(recording, options)),
    get,
    wait: (id, options) =>
      pollUntil(
        `analysis ${id}`,
        (waitSec) => get(id, { waitSec, signal: options.signal }),
        ({ status }) => isTerminal(status),
        options,
      ),
    list,
    each: (query, options) => everyItem((cursor) => list({ ...query, cursor }, options)),
    cancel: (id, options) => read(analysisSchema, `${pathOf(id)}/cancel`, { ...options, method: 'POST' }),
    remove: (id, options) => read(deletionSchema, pathOf(id), { ...options, method: 'DELETE' }),
    giveFeedback: (id, said, options) =>
      read(feedbackSchema, feedbackPathOf(id), { ...options, method: 'POST', json: said }),
    listFeedback: (id, query, options) => read(feedbackPageSchema, feedbackPathOf(id), { ...options, query }),
    revokeFeedback: (id, feedbackId, options) =>
      read(feedbackSchema, `${feedbackPathOf(id)}/${encodeURIComponent(feedbackId)}`, {
        ...options,
        method: 'DELETE',
      }),
    events: (id, options) => listen(connection, `${pathOf(id)}/events`, options),
    analyzeVoiceData: async (recording, options) => {
      const response = await send('/analyze_voice_data', creation(recording, options));
      const body: unknown = await response.json();
      if (response.status === 202) return { analysis: analysisSchema.parse(body) };
      return { report: reportSchema.parse(body) };
    },
  };
}

function creation(recording: Recording | StreamedRecording | RemoteRecording, options: Submitting = {}) {
  const { signal, idempotencyKey, ...texts } = options;
  const call = { method: 'POST', signal, idempotencyKey };
  if (!('content' in recording)) return { ...call, json: { ...recording, ...texts } };
  return { ...call, ...formOf(recording, texts) };
}
