import { isTerminal, type Analysis } from '@bonafide/contracts';
import { freePorts, startSystem, until, type S3Server, type System } from '../system';
import { startReceiver, submitAll, type Receiver } from './load';
import { scaled } from './scale';

const SUBMISSIONS = Number(process.env.FAULT_SUBMISSIONS ?? scaled(16, 200));
const ROUNDS = scaled(1, 4);
const END_SEC = scaled(60, 900);
let system: System;
let receiver: Receiver;
let url: string;
let port: number;

beforeAll(async () => {
  [port] = await freePorts(1);
  receiver = await startReceiver();
  const patience = {
    STALLED_AFTER_S: '2',
    RECONCILE_EVERY_S: '2',
    WEBHOOK_RETRY_SCHEDULE_S: '0,1,1,2,2,5,5,5',
  };
  system = await startSystem({
    store: 's3',
    workers: 2,
    env: { ...patience, PORT: String(port), WEBHOOK_ALLOW_HOSTS: '127.0.0.0/8' },
  });
  url = system.url;
  const endpoint = await fetch(`${url}/v1/webhook-endpoints`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: receiver.url, events: ['analysis.succeeded', 'analysis.failed'] }),
  });
  expect(endpoint.status).toBe(201);
}, 120_000);
afterAll(async () => {
  await system?.stop();
  receiver.server.closeAllConnections();
  receiver.server.close();
});

const kills: Record<string, () => Promise<void>> = {
  worker: async () => {
    await system.workers.at(-1)?.end('SIGKILL');
    await system.startWorker();
  },
  redis: async () => {
    await system.redisServer.process.end('SIGKILL');
    await system.redisServer.restart();
  },
  api: async () => {
    await apis.at(-1)?.();
    await system.startApi({ PORT: String(port) });
    const started = system.workers.at(-1);
    apis.push(async () => void (await started?.end('SIGKILL')));
  },
  store: async () => {
    const s3 = system.s3Server as S3Server;
    await s3.process.end('SIGKILL');
    await s3.restart();
  },
};
const apis: (() => Promise<void>)[] = [async () => void (await system.api.end('SIGKILL'))];

async function analysisOf(id: string): Promise<Analysis> {
  const response = await fetch(`${url}/v1/analyses/${id}`);
  if (!response.ok) throw new Error(`${id}: ${response.status}`);
  return (await response.json()) as Analysis;
}

test(
  `When every part is killed in turn during ${SUBMISSIONS} submissions, then each acknowledged one ends once`,
  async () => {
    const load = submitAll(() => url, { count: SUBMISSIONS, atOnce: 4 });
    const names = Array.from({ length: ROUNDS }, () => Object.keys(kills)).flat();
    for (const [n, name] of names.entries()) {
      const from = Math.floor((n * SUBMISSIONS) / (names.length + 1));
      await until('the load has come so far', () => load.acknowledged.length >= from, END_SEC);
      await kills[name]();
    }
    await load.done;
    expect(new Set(load.acknowledged).size).toBe(SUBMISSIONS);

    const open = new Set(load.acknowledged);
    await until(
      'all have ended',
      async () => {
        for (const id of open) if (isTerminal((await analysisOf(id)).status)) open.delete(id);
        return open.size === 0;
      },
      END_SEC,
    );
    const analyses = await Promise.all(load.acknowledged.map(analysisOf));
    expect(
      analyses.filter(({ status, error }) => status !== 'succeeded' && error?.code !== 'worker_crashed'),
    ).toEqual([]);

    const eventIds = (id: string) =>
      new Set(receiver.events.filter(({ about }) => about === id).map((event) => event.id));
    await until('every end was told', () => load.acknowledged.every((id) => eventIds(id).size > 0), END_SEC);
    expect(load.acknowledged.filter((id) => eventIds(id).size !== 1)).toEqual([]);

    const stored = new Set<string>();
    for await (const { key } of system.store.list('analyses/default/'))
      if (key.endsWith('/submission.json')) stored.add(key);
    expect(stored.size).toBe(SUBMISSIONS);
    const refused = [...load.refusals.keys()];
    expect(refused.filter((each) => /^\d/.test(each) && !/^(503|409|429) retry-after \d/.test(each))).toEqual(
      [],
    );
  },
  scaled(240_000, 3_600_000),
);
