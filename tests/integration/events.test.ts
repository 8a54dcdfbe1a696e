import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import {
  atThePaceOfSpeech,
  batchCaller,
  fixture,
  recording,
  startSystem,
  until,
  zipOf,
  type Child,
  type System,
} from '../system';

type Told = { id: string; event: string; data: { status: string; progress: number } };
type Stream = { told: Told[]; ended: Promise<void>; status: number; cut(): void };

let system: System;
jest.setTimeout(180_000);

beforeAll(async () => {
  system = await startSystem({ store: 'folder', workers: 0 });
}, 120_000);
afterAll(() => system?.stop());

/** A reader that nothing helps: what comes over the wire, as it comes. */
async function listen(id: string, headers: Record<string, string> = {}, kind = 'analyses'): Promise<Stream> {
  const url = `${system.url}/v1/${kind}/${id}/events`;
  let open: ClientRequest | undefined;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    open = request(url, { headers }, resolve).on('error', reject).end();
  });
  const told: Told[] = [];
  const read = async () => {
    let text = '';
    for await (const part of response.setEncoding('utf8') as AsyncIterable<string>) {
      const blocks = (text + part).split('\n\n');
      text = blocks.pop() ?? '';
      told.push(...blocks.filter((block) => block.startsWith('id: ')).map(readBlock));
    }
  };
  const ended = read().catch(() => undefined);
  return { told, ended, status: response.statusCode ?? 0, cut: () => void open?.destroy() };
}

function readBlock(block: string): Told {
  const [, id, event, data] = /^id: (.+)\nevent: (.+)\ndata: (.+)$/.exec(block) ?? [];
  return { id, event, data: JSON.parse(data) as Told['data'] };
}

const submit = async (file: string) => (await system.client.submit(await recording(file))).id;

describe('an analysis that lasts', () => {
  let slow: Child;
  beforeAll(async () => {
    slow = await system.startWorker(await atThePaceOfSpeech());
  });
  afterAll(() => slow.end());

  /** Known bytes would have their result at once. */
  const submitLong = async () => {
    const { content, filename } = await recording('fake-en.flac');
    return (await system.client.submit({ content: new Blob([content, randomUUID()]), filename })).id;
  };

  test('When an analysis is followed, then its progress is told, and the stream ends with its end', async () => {
    const id = await submitLong();
    const { told, ended } = await listen(id);
    await ended;
    const statuses = told.map(({ event }) => event);
    expect([...new Set(statuses)]).toEqual(expect.arrayContaining(['processing', 'succeeded']));
    expect(statuses.filter((status) => status === 'succeeded')).toEqual(['succeeded']);
    expect(statuses.at(-1)).toBe('succeeded');
    const progress = told.map(({ data }) => data.progress);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.filter((part) => part > 0 && part < 1).length).toBeGreaterThan(0);
    expect(progress.map((part) => Number(part.toFixed(3)))).toEqual(progress);
    expect(new Set(told.map((each) => each.id)).size).toBe(told.length);
  });

  test('When a reader is cut off and comes back, then it hears what it missed, and nothing twice', async () => {
    const id = await submitLong();
    const first = await listen(id);
    const isAtWork = () => first.told.some(({ event }) => event === 'processing');
    await until('it is at work', isAtWork, 90);
    first.cut();
    await first.ended;
    const heard = first.told.slice();
    await system.client.wait(id, { timeoutSec: 120 });
    const second = await listen(id, { 'last-event-id': heard.at(-1)?.id ?? '' });
    await second.ended;
    expect(second.told.at(-1)?.event).toBe('succeeded');
    const whole = await listen(id);
    await whole.ended;
    // That it is queued is told to those who come before anything has happened.
    const parts = [...heard, ...second.told].filter(({ event }) => event !== 'queued');
    expect(parts.map(({ id }) => id)).toEqual(whole.told.map(({ id }) => id));
    const third = await listen(id, { 'last-event-id': second.told.at(-1)?.id ?? '' });
    expect(third.status).toBe(204);
  });

  test('When an analysis is canceled, then those who follow hear of it', async () => {
    const id = await submitLong();
    const { told, ended } = await listen(id);
    await system.client.cancel(id);
    await ended;
    expect(told.at(-1)).toMatchObject({ event: 'canceled', data: { status: 'canceled' } });
  });

  test('When Redis goes away, then followers are let go and new ones are told 503', async () => {
    const id = await submitLong();
    const { ended } = await listen(id);
    await system.redisServer.process.end('SIGKILL');
    await until('it is refused', async () => {
      const response = await fetch(`${system.url}/v1/analyses/${id}/events`, { headers: { accept: '*/*' } });
      await response.body?.cancel();
      return response.status === 503;
    });
    await system.redisServer.restart();
    await ended;
    expect((await system.client.wait(id, { timeoutSec: 120 })).status).toBe('succeeded');
  });
});

describe('an analysis that is soon over', () => {
  beforeAll(() => system.startWorker());

  test('When nothing of it is kept any more, then the end is told from the records', async () => {
    const id = await submit('real-en-3s.wav');
    await system.client.wait(id, { timeoutSec: 120 });
    await system.redis.flushall();
    const { told, ended } = await listen(id);
    await ended;
    expect(told).toMatchObject([{ event: 'succeeded', data: { status: 'succeeded', progress: 1 } }]);
  });

  test('When the client follows, then it hears the end as an event', async () => {
    const id = await submit('real-en-3s.wav');
    const heard: string[] = [];
    for await (const { event } of system.client.events(id)) heard.push(event);
    expect(heard.at(-1)).toBe('succeeded');
  });

  test('When a batch is followed, then its progress is told, and the stream ends with its end', async () => {
    const files = ['real-en-3s.wav', 'real-it.flac', 'fake-en.ogg'];
    const entries = files.map((name) => ({ name, data: readFileSync(fixture(name)) }));
    const { id } = await batchCaller(system.url).create(zipOf(entries), 'calls.zip');
    const { told, ended } = await listen(id, {}, 'batches');
    await ended;
    expect(told.at(-1)).toMatchObject({
      event: 'batch.completed',
      data: { id, status: 'completed', succeeded: 3 },
    });
    expect(told.filter(({ event }) => event !== 'batch.progress')).toHaveLength(1);
    const again = await listen(id, { 'last-event-id': told.at(-1)?.id ?? '' }, 'batches');
    expect(again.status).toBe(204);
  });
});
