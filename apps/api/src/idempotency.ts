import { createHash } from 'node:crypto';
import { CodedError, idempotencyKeySchema, type IdempotencyRecord } from '@bonafide/contracts';
import type { NextFunction, Request, Response } from 'express';
import { digestOfBody, hasBody, NO_CONTENT } from './content-digest';
import type { ApiContext } from './context';
import { claimKey, type Claim } from './idempotency-claim';
import { fingerprintOf, otherRequest, planOf } from './planned';
import { analysisIdIn, type LocalResponse } from './requests';
import { hashKey, openAnswer, sealAnswer } from './sealed-answer';

/** What of an answer is given again beside its body; everything else is of the one request. */
const KEPT_HEADERS = ['content-type', 'location', 'retry-after', 'cache-control'];
/** One that is under way ends soon; one whose process died lets its key go half a minute later. */
const ASK_AGAIN_SEC = 2;
const MOMENTARY = [409, 429];

type Needs = Pick<ApiContext, 'config' | 'records' | 'redis' | 'log'>;

/**
 * A POST that names an `Idempotency-Key` is carried out once: the same request again hears the first answer,
 * another request with the key is refused, and one that comes while the first runs is sent away.
 */
export function answerOnce(context: Needs) {
  return async (request: Request, response: LocalResponse, next: NextFunction): Promise<void> => {
    const given = request.get('idempotency-key');
    if (request.method !== 'POST' || given === undefined) {
      next();
      return;
    }
    const key = readKey(given);
    const { tenant } = response.locals;
    const claimed = await claimKey(context, { tenant, key_sha256: hashKey(key) });
    if (claimed.kind === 'running') {
      response.set('Retry-After', String(ASK_AGAIN_SEC));
      throw new CodedError('conflict', 'The first request with this Idempotency-Key is still under way');
    }
    if (claimed.kind === 'answered') {
      await replay(context, { request, response, record: claimed.record, key });
      return;
    }
    // Left while the key was claimed: nobody would hear of the end of this exchange any more.
    if (response.closed) {
      await claimed.claim.release();
      return;
    }
    if (!hasBody(request)) response.locals.contentSha256 = NO_CONTENT;
    response.locals.planned = planOf(claimed.claim, { request, response });
    captureAnswer(context, { request, response, claim: claimed.claim, key });
    next();
  };
}

/** As in the draft a quoted string; the bare text, as most send it, is the same key. */
function readKey(given: string): string {
  const parsed = idempotencyKeySchema.safeParse(given.replace(/^"(.*)"$/, '$1'));
  if (parsed.success) return parsed.data;
  throw new CodedError('invalid_request', 'Idempotency-Key is a text of 1 to 255 visible characters');
}

type Exchange = { request: Request; response: LocalResponse; key: string };

async function replay(
  { config }: Needs,
  {
    request,
    response,
    key,
    record,
  }: Exchange & { record: Extract<IdempotencyRecord, { state: 'answered' }> },
): Promise<void> {
  const contentSha256 = await digestOfBody({ request, response }, config);
  if (contentSha256 === undefined || record.fingerprint !== fingerprintOf(request, contentSha256)) {
    throw otherRequest();
  }
  if (record.sealed === undefined) {
    throw new CodedError('not_found', 'What this Idempotency-Key made has been deleted');
  }
  const { status, headers, body } = openAnswer(record.sealed, key);
  response.set(headers).set('Idempotency-Replayed', 'true').set('Idempotency-Expires', record.expires_at);
  response.status(status).send(body);
}

/**
 * Keeps the answer before it goes out: nobody hears of something that would be done a second time. A request that
 * broke off within its body is answered too, to nobody, when what came of it is taken back; that lets the key go.
 */
function captureAnswer(context: Needs, { request, response, key, claim }: Exchange & { claim: Claim }): void {
  const send = response.send.bind(response);
  response.once('close', () => claim.abandon());
  response.send = (body: unknown) => {
    if (typeof body !== 'string') return send(body);
    response.send = send;
    settle(context, { request, response, key, claim, body })
      .catch((error: unknown) => context.log.warn({ err: error }, 'an answer could not be kept'))
      .finally(() => send(body));
    return response;
  };
}

/**
 * Faults of ours are not kept, nor what the present state alone refuses (429, 409), nor the refusal of a request that was
 * not read to its end: the same request may go through a moment later.
 */
async function settle(
  { config, records }: Needs,
  { request, response, key, claim, body }: Exchange & { claim: Claim; body: string },
): Promise<void> {
  const { statusCode: status } = response;
  const contentSha256 = response.locals.contentSha256 ?? (status < 400 ? await digestOfRest(request) : null);
  if (status >= 500 || MOMENTARY.includes(status) || contentSha256 === null) {
    await claim.release();
    return;
  }
  const expires_at = new Date(Date.now() + config.idempotency.ttlSec * 1000).toISOString();
  const fingerprint = fingerprintOf(request, contentSha256);
  // There before the request, and told of by the answer.
  const analysis_id = analysisIdIn(request.originalUrl);
  if (analysis_id !== undefined && status < 400) {
    const { tenant } = response.locals;
    const kept = { format: 1, tenant, analysis_id, key_sha256: claim.keySha256, fingerprint } as const;
    await records.keptAnswers.put(kept);
  }
  await claim.settle({
    fingerprint,
    expires_at,
    sealed: sealAnswer({ status, headers: keptOf(response), body }, key),
  });
  response.set('Idempotency-Expires', expires_at);
}

/** Of a body that the route had no use for. */
async function digestOfRest(request: Request): Promise<string | null> {
  if (request.readableDidRead || request.destroyed) return null;
  const hash = createHash('sha256');
  for await (const chunk of request) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function keptOf(response: Response): Record<string, string> {
  return Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = response.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
