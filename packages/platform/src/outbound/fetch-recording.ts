import { Readable } from 'node:stream';
import { CodedError } from '@bonafide/contracts';
import { saveMetered, tooLarge, type Metered } from '../store/metered';
import type { Outbound, OutboundAnswer } from './outbound';
import { outboundError } from './outbound-error';
import { startTimeLimit } from './time-limit';

const MAX_REDIRECTS = 5;
const HEADERS = {
  accept: 'audio/*, video/*, */*;q=0.5',
  'accept-encoding': 'identity',
  'user-agent': 'bonafide',
};

export type FetchSpec = {
  maxBytes: number;
  /** For the whole of it, redirects and all. */
  timeoutSec: number;
  /** Takes the recording as it arrives; nothing may remain when the stream fails. */
  save: (content: Readable) => Promise<void>;
  signal?: AbortSignal;
};

/** `name`: the last part of the path that answered, decoded, as it came. */
export type FetchedRecording = Metered & { name: string };

/**
 * Fetches a recording from where somebody says it is. Each redirect is a call of its own, checked as the
 * first was.
 * @throws CodedError `fetch_failed` with the reason, `file_too_large`, `empty_file`; what `save` throws is passed on.
 */
export async function fetchRecording(
  outbound: Outbound,
  url: string,
  { maxBytes, timeoutSec, save, signal }: FetchSpec,
): Promise<FetchedRecording> {
  const limit = startTimeLimit(timeoutSec, signal);
  try {
    return await fetchWithin(outbound, url, { maxBytes, save, signal: limit.signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    limit.end();
  }
}

async function fetchWithin(
  outbound: Outbound,
  url: string,
  { maxBytes, save, signal }: Pick<FetchSpec, 'maxBytes' | 'save'> & { signal: AbortSignal },
): Promise<FetchedRecording> {
  const { answer, at } = await follow(outbound, url, signal);
  try {
    if (answer.status !== 200) throw failed(`The address answered ${answer.status}`);
    if (Number(answer.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
    const metered = await saveMetered(Readable.from(readable(answer.body)), { maxBytes, save });
    return { ...metered, name: nameOf(at) };
  } finally {
    answer.release();
  }
}

async function follow(outbound: Outbound, url: string, signal: AbortSignal) {
  let at = url;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const answer = await get(outbound, at, signal);
    const next = redirectOf(answer, at);
    if (next === null) return { answer, at };
    answer.release();
    at = next;
  }
  throw failed(`The address was redirected more than ${MAX_REDIRECTS} times`);
}

async function get(outbound: Outbound, url: string, signal: AbortSignal): Promise<OutboundAnswer> {
  try {
    return await outbound.call(url, { method: 'GET', headers: HEADERS, signal });
  } catch (error) {
    throw failed(outboundError(error).message, error);
  }
}

function redirectOf({ status, headers }: OutboundAnswer, at: string): string | null {
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return null;
  if (!URL.canParse(headers.location, at)) throw failed('The address is redirected to what is no address');
  return new URL(headers.location, at).href;
}

/** A stream that breaks off is the address's fault, not that of where it is saved. */
async function* readable(body: Readable): AsyncIterable<Buffer> {
  try {
    for await (const chunk of body) yield chunk as Buffer;
  } catch (error) {
    throw failed(outboundError(error).message, error);
  }
}

function nameOf(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function failed(message: string, cause?: unknown): CodedError {
  return new CodedError('fetch_failed', message, { cause });
}
