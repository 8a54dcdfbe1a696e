import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { fixture } from '../system';

/** A client that does not give up: the same submission under the same key, until it is acknowledged. */
export type Load = {
  /** Of every acknowledged submission, in the order of acknowledgement. */
  acknowledged: string[];
  /** Answers other than 202, and broken connections, by what they were. */
  refusals: Map<string, number>;
  done: Promise<void>;
};

const PAUSE_MS = 100;
const PATIENCE_MS = 300_000;

/** Submits `count` recordings, all different, `atOnce` at a time. */
export function submitAll(url: () => string, { count, atOnce }: { count: number; atOnce: number }): Load {
  const clip = readFileSync(fixture('real-en-3s.wav'));
  const acknowledged: string[] = [];
  const refusals = new Map<string, number>();
  let next = 0;
  const run = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) acknowledged.push(await submitOne(n));
  };
  const submitOne = async (n: number): Promise<string> => {
    // Bytes behind the last sample: another file, the same sound.
    const content = Buffer.concat([clip, Buffer.from(`number ${n}`)]);
    const note = (refusal: string) => refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1);
    return (await insistently(`submission ${n}`, () => send(url(), { content, key: `load-${n}` }), note)).id;
  };
  return {
    acknowledged,
    refusals,
    done: Promise.all(Array.from({ length: atOnce }, run)).then(() => undefined),
  };
}

function send(url: string, { content, key }: { content: Buffer; key: string }): Promise<Response> {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(content)]), 'clip.wav');
  const init = { method: 'POST', body: form, headers: { 'idempotency-key': key } };
  return fetch(`${url}/v1/analyses`, { ...init, signal: AbortSignal.timeout(20_000) });
}

/** The same request until it is acknowledged with 202. @throws Error when its patience is at an end */
export async function insistently(
  what: string,
  ask: () => Promise<Response>,
  noteRefusal: (refusal: string) => void = () => undefined,
): Promise<{ id: string }> {
  const refusals = new Set<string>();
  const deadlineMs = Date.now() + PATIENCE_MS;
  while (Date.now() < deadlineMs) {
    const answer = await answerTo(ask);
    if (typeof answer === 'object') return answer;
    noteRefusal(answer);
    refusals.add(answer);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`${what} was never acknowledged: ${[...refusals].join(', ')}`);
}

async function answerTo(ask: () => Promise<Response>): Promise<{ id: string } | string> {
  try {
    const response = await ask();
    const body = (await response.json()) as { id: string };
    return response.status === 202
      ? body
      : `${response.status} retry-after ${response.headers.get('retry-after') ?? 'absent'}`;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'connection';
  }
}

export type Receiver = { url: string; server: Server; events: { id: string; type: string; about: string }[] };

/** Takes webhooks and notes what each is about. */
export async function startReceiver(): Promise<Receiver> {
  const events: Receiver['events'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const { type, data } = JSON.parse(body) as { type: string; data: { id: string } };
      events.push({ id: String(request.headers['webhook-id']), type, about: data.id });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, server, events };
}
