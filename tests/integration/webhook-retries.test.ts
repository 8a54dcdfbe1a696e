import { startReceiver, until, type Received } from '../system';
import { BASE, eventOf, startDesk, verify, type Desk } from './webhook-desk';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('s3');
});
afterAll(() => desk?.stop());
beforeEach(() => desk.clear());

test('When a secret is rotated, then both sign for a while, and with no overlap the new one alone', async () => {
  const { id, secret } = await desk.register();
  const rotated = await desk.ask<{ secret: string }>('POST', `${BASE}/${id}/rotate-secret`);
  await desk.sendTest(id);
  await desk.arrived(1);
  expect(String(desk.receiver.received[0].headers['webhook-signature']).split(' ')).toHaveLength(2);
  verify(secret, desk.receiver.received[0]);
  verify(rotated.secret, desk.receiver.received[0]);
  const longest = await desk.ask('POST', '/v1/webhook-secret/rotate', { overlap: '999999w' });
  expect(longest).toMatchObject({ previous_expires_at: '9999-12-31T23:59:59.999Z' });
  const newest = await desk.ask<{ secret: string }>('POST', `${BASE}/${id}/rotate-secret`, { overlap: '0s' });
  await desk.sendTest(id);
  await desk.arrived(2);
  verify(newest.secret, desk.receiver.received[1]);
  expect(() => verify(rotated.secret, desk.receiver.received[1])).toThrow();
});

test('When a secret is rotated beside other changes, then none is lost and the newest secret signs', async () => {
  const { id } = await desk.register();
  const rotate = () => desk.ask<{ secret: string }>('POST', `${BASE}/${id}/rotate-secret`);
  const rename = (n: number) => desk.ask('PATCH', `${BASE}/${id}`, { description: `name ${n}` });
  for (let round = 1; round <= 10; round++) {
    const [{ secret }] = await Promise.all([rotate(), rename(round)]);
    await desk.sendTest(id);
    await desk.arrived(round);
    verify(secret, desk.receiver.received[round - 1]);
    expect(await desk.ask('GET', `${BASE}/${id}`)).toMatchObject({ description: `name ${round}` });
  }
});

test('When a receiver fails at first, then it is tried again as the same message, and every attempt is listed', async () => {
  const { id, secret } = await desk.register();
  desk.receiver.reply = (_to, count) =>
    count === 1 ? { status: 500 } : count === 2 ? 'hang' : { status: 200 };
  await desk.sendTest(id);
  const delivery = await desk.ended(id);
  expect(delivery).toMatchObject({
    status: 'succeeded',
    attempts: [
      { status: 'failed', response_code: 500, error: 'not_successful' },
      { status: 'failed', response_code: null, error: 'timeout' },
      { status: 'succeeded', response_code: 200, error: null },
    ],
  });
  expect(delivery.attempts[0].next_attempt_at).not.toBeNull();
  expect(delivery.attempts[1].latency_ms).toBeGreaterThanOrEqual(990);
  expect(new Set(desk.receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  desk.receiver.received.forEach((each) => verify(secret, each));
  expect(await desk.ask('GET', `${BASE}/${id}`)).toMatchObject({ enabled: true, failing_since: null });
});

test('When one of two receivers on a host hangs, then the other hears of everything at once', async () => {
  const [hanging, healthy] = [await desk.register('/hangs'), await desk.register('/answers')];
  desk.receiver.reply = ({ path }) => (path === '/hangs' ? 'hang' : { status: 204 });
  const sent = Array.from({ length: 8 }, () => desk.sendTest(hanging.id));
  await Promise.all(sent);
  await desk.arrived(4);
  await desk.sendTest(healthy.id);
  const { status, created_at, attempts } = await desk.ended(healthy.id);
  expect(status).toBe('succeeded');
  expect(Date.parse(attempts[0].at) - Date.parse(created_at)).toBeLessThan(500);
});

test('When a receiver never succeeds, then the delivery fails after its schedule, and a replay sends it again', async () => {
  const { id } = await desk.register();
  desk.receiver.reply = () => ({ status: 500 });
  await desk.sendTest(id);
  const failed = await desk.ended(id);
  expect(failed).toMatchObject({ status: 'failed', next_attempt_at: null });
  expect(failed.attempts).toHaveLength(4);
  expect(await desk.ask('GET', `${BASE}/${id}`)).toMatchObject({
    enabled: true,
    failing_since: failed.attempts[0].at,
  });
  desk.receiver.reply = () => ({ status: 200 });
  await desk.ask('POST', `${BASE}/${id}/deliveries/${failed.id}/replay`);
  const replayed = await desk.ended(id);
  expect(replayed).toMatchObject({ id: failed.id, status: 'succeeded' });
  expect(replayed.attempts).toHaveLength(5);
});

test('When a receiver redirects, then that is a failure and nobody else is called', async () => {
  const trap = await startReceiver();
  const { id } = await desk.register();
  desk.receiver.reply = () => ({ status: 302, headers: { location: `${trap.url}/inside` } });
  await desk.sendTest(id);
  const { attempts } = await desk.ended(id);
  expect(attempts[0]).toMatchObject({ response_code: 302, error: 'redirected' });
  expect(trap.received).toHaveLength(0);
  await trap.stop();
});

test('When a receiver says 410, then its endpoint is disabled with the reason, others are told, and it can be enabled', async () => {
  const { id } = await desk.register('/gone');
  await desk.register('/watching', { events: ['endpoint.disabled'] });
  desk.receiver.reply = ({ path }) => ({ status: path === '/gone' ? 410 : 204 });
  await desk.sendTest(id);
  await desk.ended(id);
  expect(await desk.ask('GET', `${BASE}/${id}`)).toMatchObject({
    enabled: false,
    disabled: { reason: 'gone' },
  });
  await until('the other is told', () => desk.receiver.received.some(({ path }) => path === '/watching'));
  expect(eventOf(desk.receiver.received.at(-1) as Received)).toMatchObject({
    type: 'endpoint.disabled',
    data: { id, reason: 'gone' },
  });
  expect(await desk.ask('POST', `${BASE}/${id}/test`)).toMatchObject({ status: 409, code: 'conflict' });
  desk.receiver.reply = () => ({ status: 204 });
  expect(await desk.ask('PATCH', `${BASE}/${id}`, { enabled: true })).toMatchObject({
    enabled: true,
    disabled: null,
  });
  await desk.sendTest(id);
  expect(await desk.ended(id)).toMatchObject({ status: 'succeeded' });
});

test('When an endpoint has failed for longer than the limit, then it is disabled and says why', async () => {
  const { id } = await desk.register();
  desk.receiver.reply = () => ({ status: 500 });
  await desk.sendTest(id);
  await desk.ended(id);
  const longAgo = {
    format: 1,
    tenant: 'default',
    endpoint_id: id,
    since: new Date(Date.now() - 6 * 86_400_000).toISOString(),
  };
  await desk.system.store.put(
    `webhook-health/default/${id}/failing.json`,
    Buffer.from(JSON.stringify(longAgo)),
  );
  await desk.sendTest(id);
  const [delivery] = await until('it fails', async () => {
    const found = await desk.deliveriesOf(id);
    return found.every(({ status }) => status === 'failed') && found.length === 2 && found;
  });
  expect(delivery.attempts).toHaveLength(1);
  expect(await desk.ask('GET', `${BASE}/${id}`)).toMatchObject({
    enabled: false,
    disabled: { reason: 'failing' },
  });
});

test('When a receiver asks for patience, then it is given', async () => {
  const { id } = await desk.register();
  desk.receiver.reply = (_to, count) =>
    count === 1 ? { status: 429, headers: { 'retry-after': '2' } } : { status: 204 };
  await desk.sendTest(id);
  const { attempts } = await desk.ended(id);
  expect(Date.parse(attempts[1].at) - Date.parse(attempts[0].at)).toBeGreaterThanOrEqual(1_990);
});
