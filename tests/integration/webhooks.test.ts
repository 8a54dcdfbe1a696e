import { spawnSync } from 'node:child_process';
import type { TenantSecret } from '@bonafide/contracts';
import { Queue } from 'bullmq';
import { recording, until } from '../system';
import { BASE, eventOf, PYTHON, startDesk, verify, type Desk } from './webhook-desk';

const VERIFY = `
import json, sys
from standardwebhooks.webhooks import Webhook
given = json.load(sys.stdin)
print(Webhook(given["secret"]).verify(given["body"], given["headers"])["type"])
`;

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('s3');
});
afterAll(() => desk?.stop());
beforeEach(() => desk.clear());

test('When an analysis ends, then its endpoint is told once, in a form that verifiers of two languages accept', async () => {
  const { secret, id: endpointId } = await desk.register();
  expect(await desk.ask('GET', `${BASE}/${endpointId}`)).not.toHaveProperty('secret');
  const id = await analysed();
  await desk.arrived(1);
  const [one] = desk.receiver.received;
  verify(secret, one);
  const input = JSON.stringify({ secret, body: one.body, headers: one.headers });
  const python = spawnSync(PYTHON, ['-c', VERIFY], { input, encoding: 'utf8' });
  expect(python.stdout.trim() || python.stderr).toBe('analysis.succeeded');
  expect(eventOf(one)).toMatchObject({
    type: 'analysis.succeeded',
    data: {
      id,
      status: 'succeeded',
      result: { verdict: expect.any(String) as string, p_fake: expect.any(Number) as number },
      links: { self: `https://bonafide.example/v1/analyses/${id}` },
    },
  });
  expect(Buffer.byteLength(one.body)).toBeLessThan(20_000);
  expect(await desk.ended(endpointId)).toMatchObject({
    id: one.headers['webhook-id'],
    analysis_id: id,
    status: 'succeeded',
    attempts: [{ status: 'succeeded', response_code: 204, error: null, next_attempt_at: null }],
  });

  // The same work once more, as after a lost worker: nobody is told again.
  await until('announced', () => desk.system.store.head(`analyses/default/${id}/announced.json`));
  const queue = new Queue('analyses', { connection: desk.system.redis, prefix: '{bonafide}' });
  const job = await queue.add(
    'analysis.run',
    { version: 1, payload: { tenant: 'default', analysis_id: id } },
    { jobId: 'again' },
  );
  await until('it ran again', async () => (await job.getState()) === 'completed');
  await queue.close();
  await desk.sendTest(endpointId);
  await until('the sample comes', () =>
    desk.receiver.received.some((each) => eventOf(each).type === 'webhook.test'),
  );
  expect(desk.receiver.received).toHaveLength(2);
});

test('When an outcome was written and its worker died before telling, then it is told by whoever comes next', async () => {
  const { id: endpointId } = await desk.register();
  await desk.system.workers[0].end('SIGKILL');
  const { id } = await desk.system.client.submit(await recording('real-en-3s.wav'));
  const now = new Date().toISOString();
  const outcome = { format: 1, id, tenant: 'default', started_at: now, finished_at: now, status: 'failed' };
  const error = { code: 'not_audio', message: 'The file is not audio that can be read' };
  await desk.system.store.create(
    `analyses/default/${id}/result.json`,
    Buffer.from(JSON.stringify({ ...outcome, error })),
  );
  await desk.system.startWorker();
  await desk.ended(endpointId);
  expect(desk.receiver.received.map(eventOf)).toMatchObject([
    { type: 'analysis.failed', data: { id, error } },
  ]);
});

test('When Redis is emptied, then what was to be delivered is delivered', async () => {
  const { id } = await desk.register();
  desk.receiver.reply = (_to, count) =>
    count === 1 ? { status: 503, headers: { 'retry-after': '2' } } : { status: 204 };
  await desk.sendTest(id);
  await until('it failed once', async () => (await desk.deliveriesOf(id))[0].attempts.length === 1);
  await desk.system.redis.flushall();
  expect(await desk.ended(id)).toMatchObject({ status: 'succeeded' });
  expect(desk.receiver.received).toHaveLength(2);
});

test('When a submission names a webhook_url, then that is told, signed with the secret of the tenant', async () => {
  const form = new FormData();
  const { content, filename } = await recording('real-en-3s.wav');
  form.set('webhook_url', `${desk.receiver.url}/single`);
  form.set('file', content, filename);
  const { id } = (await (
    await fetch(`${desk.system.url}/v1/analyses`, { method: 'POST', body: form })
  ).json()) as { id: string };
  await desk.arrived(1);
  const { secret, endpoint_id } = await desk.ask<TenantSecret>('GET', '/v1/webhook-secret');
  verify(secret, desk.receiver.received[0]);
  expect(eventOf(desk.receiver.received[0])).toMatchObject({ type: 'analysis.succeeded', data: { id } });
  expect(await desk.ended(endpoint_id)).toMatchObject({
    analysis_id: id,
    url: `${desk.receiver.url}/single`,
  });
});

async function analysed(): Promise<string> {
  const { id } = await desk.system.client.submit(await recording('real-en-3s.wav'));
  await desk.system.client.wait(id, { timeoutSec: 60 });
  return id;
}
