import { Webhook } from 'standardwebhooks';
import {
  createClient,
  ProblemError,
  verifyWebhook,
  WaitTimeoutError,
  WebhookVerificationError,
} from '@bonafide/client';
import { problemOf, type Analysis } from '@bonafide/contracts';

const ID = '01900000-0000-7000-8000-000000000000';
const AT = '2026-01-01T00:00:00.000Z';
const QUEUED: Analysis = {
  id: ID,
  status: 'queued',
  created_at: AT,
  started_at: null,
  finished_at: null,
  progress: 0,
  filename: 'a.wav',
  sha256: '0'.repeat(64),
  links: { self: `/v1/analyses/${ID}` },
};
const CANCELED: Analysis = { ...QUEUED, status: 'canceled', finished_at: AT, progress: 1 };

type Asked = { url: URL; init: RequestInit };

/** A service that gives these answers in turn, and what it was asked. */
function serviceOf(answers: (() => Response)[]) {
  const asked: Asked[] = [];
  const answer = (input: unknown, init: RequestInit = {}) => {
    asked.push({ url: new URL(String(input)), init });
    const next = answers.shift();
    return next ? Promise.resolve(next()) : Promise.reject(new Error('asked too often'));
  };
  return {
    asked,
    client: createClient('http://service.test', { key: 'bf_k', fetch: answer }),
  };
}

const json = (body: unknown) => () => Response.json(body);
const refusal =
  (code: 'unavailable' | 'not_found', headers: Record<string, string> = {}) =>
  () =>
    Response.json(problemOf(code, 'no', 'r1'), { status: code === 'not_found' ? 404 : 503, headers });

describe('the client', () => {
  test('When the service is away for a moment, then waiting goes on until the end', async () => {
    const { client, asked } = serviceOf([
      json(QUEUED),
      refusal('unavailable', { 'retry-after': '0' }),
      json(CANCELED),
    ]);
    expect(await client.wait(ID, { timeoutSec: 5 })).toEqual(CANCELED);
    expect(asked.map(({ url }) => url.searchParams.has('wait'))).toEqual([true, true, true]);
    expect(asked[0].init.headers).toEqual({ authorization: 'Bearer bf_k' });
  });

  test('When the service refuses, then the problem is thrown with its code and not asked about again', async () => {
    const { client, asked } = serviceOf([refusal('not_found')]);
    const error: unknown = await client.wait(ID, { timeoutSec: 5 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ problem: { code: 'not_found', status: 404 } });
    expect(asked).toHaveLength(1);
  });

  test('When the time is up, then waiting ends with a time-out', async () => {
    const { client } = serviceOf([json(QUEUED)]);
    await expect(client.wait(ID, { timeoutSec: 0 })).rejects.toThrow(WaitTimeoutError);
  });

  test('When a stream is submitted, then it goes out as one form with the options before the file', async () => {
    const { client, asked } = serviceOf([json(QUEUED)]);
    const content = new Blob(['sound']).stream() as ReadableStream<Uint8Array>;
    await client.submit({ content, filename: 'a "b".wav' }, { label: 'x', idempotencyKey: 'once' });
    const { headers, body } = asked[0].init;
    const form = await new Response(body, { headers: headers as Record<string, string> }).formData();
    expect(form.get('label')).toBe('x');
    expect(await (form.get('file') as File).text()).toBe('sound');
    expect(headers).toMatchObject({ 'idempotency-key': 'once' });
  });

  test('When an event stream breaks off, then it goes on behind the last event until the end', async () => {
    const { client, asked } = serviceOf([
      () => new Response(': hello\n\nid: 1\nevent: progress\ndata: {"progress":0.5}\n\nid: 2\nda'),
      () =>
        new Response(
          'id: 3\r\nevent: status\r\ndata: {"status":\r\ndata: "succeeded"}\r\n\r\nid: 4\ndata: {}\n\n',
        ),
    ]);
    const events = [];
    for await (const event of client.events(ID)) events.push(event);
    expect(events).toEqual([
      { id: '1', event: 'progress', data: { progress: 0.5 } },
      { id: '3', event: 'status', data: { status: 'succeeded' } },
    ]);
    expect(asked[1].init.headers).toMatchObject({ 'last-event-id': '1' });
  });

  test('When a list has several pages, then each item comes once', async () => {
    const summary = {
      ...QUEUED,
      verdict: null,
      p_fake: null,
      decision: null,
      partially_cloned: false,
    };
    const { client, asked } = serviceOf([
      json({ items: [summary], next_cursor: 'abc' }),
      json({ items: [summary], next_cursor: null }),
    ]);
    const items = [];
    for await (const item of client.each({ status: 'queued' })) items.push(item.id);
    expect(items).toEqual([ID, ID]);
    expect(asked[1].url.search).toBe('?status=queued&cursor=abc');
  });

  test('When a delivery is signed with the secret, then its event is read, else it is refused', () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const data = { message: 'hello', endpoint_id: ID };
    const body = JSON.stringify({ type: 'webhook.test', timestamp: AT, data });
    const now = new Date();
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign('msg_1', now, body),
    };
    expect(verifyWebhook(secret, { body, headers })).toMatchObject({ type: 'webhook.test', data });
    expect(verifyWebhook(secret, { body, headers: new Headers(headers) })).toMatchObject({ data });
    expect(() => verifyWebhook(secret, { body: `${body} `, headers })).toThrow(WebhookVerificationError);
  });
});
