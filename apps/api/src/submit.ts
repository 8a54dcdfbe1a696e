import {
  CodedError,
  submissionOptionsSchema,
  type AnalysisRef,
  type Submission,
  type SubmissionOptions,
} from '@bonafide/contracts';
import { assertConnected, mediaKey, refOf } from '@bonafide/platform';
import type { Request } from 'express';
import { v7 as uuidv7 } from 'uuid';
import type { ApiContext } from './context';
import { assertCallable } from './outbound';
import { madeBefore, otherRequest } from './planned';
import type { LocalResponse, Locals } from './requests';
import { receiveUpload } from './upload';

export type Submitter = Pick<Locals, 'tenant' | 'requestId' | 'planned'>;
/** What is known of a submission once its recording is in the store. */
export type Received = Omit<
  Submission,
  'format' | 'id' | 'tenant' | 'created_at' | 'request_id' | 'fingerprint' | 'idempotency_key_sha256'
>;
/** Brings the recording to where it belongs; `begin` tells the key, and from then on it is cleaned up. */
export type Receive = (begin: () => string) => Promise<Received>;

/** What a process before this one took in for the same request, seen to once more; null where there is nothing. */
export async function submittedBefore(
  context: ApiContext,
  request: Request,
  response: LocalResponse,
): Promise<Submission | null> {
  const { tenant } = response.locals;
  const submission = await madeBefore(context, { request, response }, (id) =>
    context.records.submission(refOf({ tenant, id })),
  );
  return submission && enqueue(context, submission);
}

/** Takes in the recording that comes with the request as a form. */
export async function submit(
  context: ApiContext,
  request: Request,
  { fields, ...submitter }: Submitter & { fields: readonly string[] },
): Promise<Submission> {
  const { store, config } = context;
  return takeIn(context, submitter, async (begin) => {
    const { texts, ...file } = await receiveUpload(request, {
      fields,
      maxBytes: config.http.maxUploadBytes,
      save: (content) => store.put(begin(), content),
    });
    return { ...file, ...readOptions(texts) };
  });
}

/**
 * Takes a recording in: media, then its record, then the job. When this returns, the submission is in the
 * store and in the queue; when it throws, nothing of it remains.
 */
export async function takeIn(
  context: ApiContext,
  { tenant, requestId, planned }: Submitter,
  receive: Receive,
): Promise<Submission> {
  const { records, redis } = context;
  assertConnected(redis);
  const ref = refOf({ tenant, id: planned?.plannedId ?? uuidv7() });
  let isOurs = false;
  try {
    const received = await receive(() => {
      isOurs = true;
      return mediaKey(ref);
    });
    if (received.webhook_url) assertCallable(context, 'webhook_url', received.webhook_url);
    const submission: Submission = {
      format: 1,
      id: ref.analysis_id,
      tenant,
      created_at: new Date().toISOString(),
      ...received,
      request_id: requestId,
      fingerprint: planned?.fingerprint(),
      idempotency_key_sha256: planned?.keySha256,
    };
    // Of two processes that came by one key the first to get here wins.
    isOurs = (await records.createSubmission(submission)) === 'created';
    const standing = isOurs ? submission : await records.submission(ref);
    if (!standing || standing.fingerprint !== submission.fingerprint) throw otherRequest();
    return await enqueue(context, standing);
  } catch (error) {
    if (isOurs && planned?.isHeld() !== false) await discard(context, ref);
    throw error;
  }
}

/** Its place in the lists and the job: from then on it is ours to finish. Done again it changes nothing. */
async function enqueue({ live, queues, log }: ApiContext, submission: Submission): Promise<Submission> {
  const { id, bytes, request_id } = submission;
  const ref = refOf(submission);
  log.info({ ...ref, request_id, bytes }, 'analysis taken in');
  await live.index.note(submission);
  await queues.add('analysis.run', id, { ...ref, request_id });
  return submission;
}

async function discard({ records, live, log }: ApiContext, ref: AnalysisRef): Promise<void> {
  await records.discardSubmission(ref).catch((fault: unknown) => {
    log.warn({ err: fault, ...ref }, 'a refused upload could not be removed');
  });
  await live.index.forget(ref, null).catch(() => undefined);
}

function readOptions(texts: Record<string, string>): SubmissionOptions {
  const present = Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ''));
  const parsed = submissionOptionsSchema.safeParse(present);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new CodedError('invalid_request', faults.join('; '));
}
