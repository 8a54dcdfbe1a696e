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
import type { Locals } from './requests';
import { receiveUpload } from './upload';

/**
 * Takes a recording in: media, then its record, then the job. When this returns, the submission is in the
 * store and in the queue; when it throws, nothing of it remains.
 */
export async function submit(
  context: ApiContext,
  request: Request,
  { fields, tenant, requestId }: Locals & { fields: readonly string[] },
): Promise<Submission> {
  const { store, records, queues, redis, config } = context;
  assertConnected(redis);
  const ref = refOf({ tenant, id: uuidv7() });
  let isBegun = false;
  try {
    const { texts, ...file } = await receiveUpload(request, {
      fields,
      maxBytes: config.http.maxUploadBytes,
      save: (content) => {
        isBegun = true;
        return store.put(mediaKey(ref), content);
      },
    });
    const submission: Submission = {
      format: 1,
      id: ref.analysis_id,
      tenant,
      created_at: new Date().toISOString(),
      ...file,
      ...readOptions(texts),
      request_id: requestId,
    };
    await records.createSubmission(submission);
    await queues.add('analysis.run', submission.id, { ...ref, request_id: requestId });
    return submission;
  } catch (error) {
    if (isBegun) await discard(context, ref);
    throw error;
  }
}

async function discard({ records, log }: ApiContext, ref: AnalysisRef): Promise<void> {
  await records.discardSubmission(ref).catch((fault: unknown) => {
    log.warn({ err: fault, ...ref }, 'a refused upload could not be removed');
  });
}

function readOptions(texts: Record<string, string>): SubmissionOptions {
  const present = Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ''));
  const parsed = submissionOptionsSchema.safeParse(present);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new CodedError('invalid_request', faults.join('; '));
}
