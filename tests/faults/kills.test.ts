import { readFileSync } from 'node:fs';
import { isBatchOver, isTerminal, type Analysis, type Batch, type BatchItem } from '@bonafide/contracts';
import {
  batchCaller,
  createRandom,
  fixture,
  freePorts,
  gzip,
  rubbish,
  startClassicSystem,
  tarOf,
  until,
  type Child,
  type S3Server,
  type System,
} from '../system';
import { insistently, startReceiver, submitAll, type Receiver } from './load';
import { scaled } from './scale';

const SUBMISSIONS = Number(process.env.FAULT_SUBMISSIONS ?? scaled(16, 200));
const ENTRIES = Number(process.env.FAULT_ENTRIES ?? scaled(40, 500));
const ROUNDS = scaled(1, 5);
const SEED = Number(process.env.FAULT_SEED ?? 20_261_124);
/** Of the entries of the batch so many are speech; the rest only opens like a recording. */
const SPEECH_EVERY = scaled(20, 4);
const END_SEC = scaled(90, 1_200);
let system: System;
let receiver: Receiver;
let url: string;
let port: number;
/** The process of each kind whose turn it is to be killed. */
const live: { worker?: Child; api?: Child } = {};

beforeAll(async () => {
  [port] = await freePorts(1);
  receiver = await startReceiver();
  const patience = {
    STALLED_AFTER_S: '2',
    RECONCILE_EVERY_S: '2',
    RECONCILE_GRACE_S: '3',
    WEBHOOK_RETRY_SCHEDULE_S: '0,1,1,2,2,5,5,5',
  };
  system = await startClassicSystem({
    store: 's3',
    workers: 2,
    env: { ...patience, PORT: String(port), WEBHOOK_ALLOW_HOSTS: '127.0.0.0/8' },
  });
  url = system.url;
  Object.assign(live, { worker: system.workers.at(-1), api: system.api });
  await system.client.webhookEndpoints.create({
    url: receiver.url,
    events: ['analysis.succeeded', 'analysis.failed', 'batch.completed', 'batch.failed'],
  });
}, 120_000);
afterAll(async () => {
  await system?.stop();
  receiver.server.closeAllConnections();
  receiver.server.close();
});

const kills: Record<string, () => Promise<void>> = {
  worker: async () => {
    await live.worker?.end('SIGKILL');
    live.worker = await system.startWorker();
  },
  redis: async () => {
    await system.redisServer.process.end('SIGKILL');
    await system.redisServer.restart();
  },
  api: async () => {
    await live.api?.end('SIGKILL');
    await system.startApi({ PORT: String(port) });
    live.api = system.workers.at(-1);
  },
  store: async () => {
    const s3 = system.s3Server as S3Server;
    await s3.process.end('SIGKILL');
    await s3.restart();
  },
};
/** Each of them `ROUNDS` times, in an order and at shares of the whole work that the seed decides. */
function plan(): { name: string; share: number }[] {
  const random = createRandom(SEED);
  const names = Array.from({ length: ROUNDS }, () => Object.keys(kills)).flat();
  const order = names.map((name) => ({ name, at: random() })).sort((a, b) => a.at - b.at);
  const shares = names.map(() => random() * 0.9).sort((a, b) => a - b);
  return order.map(({ name }, n) => ({ name, share: shares[n] }));
}

async function archive(): Promise<Buffer> {
  const clip = readFileSync(fixture('real-en-3s.wav'));
  const entries = Array.from({ length: ENTRIES }, (_unused, n) => ({
    name: `calls/${n}.wav`,
    // Bytes behind the last sample: another file, the same sound.
    data: n % SPEECH_EVERY === 0 ? Buffer.concat([clip, Buffer.from(`entry ${n}`)]) : rubbish(n),
  }));
  return gzip(await tarOf(entries));
}

async function handOver(content: Buffer): Promise<string> {
  const { id } = await insistently('the batch', () => {
    const body = new FormData();
    body.set('file', new Blob([new Uint8Array(content)]), 'calls.tar.gz');
    return fetch(`${url}/v1/batches`, {
      ...{ method: 'POST', body, headers: { 'idempotency-key': 'the-batch' } },
      signal: AbortSignal.timeout(60_000),
    });
  });
  return id;
}

/** Whatever it asks for, in spite of all that goes on. */
const asked = <T>(path: string) =>
  until(
    `an answer to ${path}`,
    async () => {
      const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(20_000) });
      return response.ok && ((await response.json()) as T);
    },
    END_SEC,
  );

const endedOf = ({ counters: { succeeded, failed } }: Batch) => succeeded + failed;
const eventsAbout = (id: string) =>
  new Set(receiver.events.filter(({ about }) => about === id).map((event) => event.id));

test(
  `When every part is killed again and again during ${SUBMISSIONS} submissions and a batch of ${ENTRIES}, then each acknowledged one ends once`,
  async () => {
    const load = submitAll(() => url, { count: SUBMISSIONS, atOnce: 4 });
    let batchId: string | undefined;
    const handing = archive()
      .then(handOver)
      .then((id) => (batchId = id));
    const workDone = async () => {
      const ended = batchId === undefined ? 0 : endedOf(await asked<Batch>(`/v1/batches/${batchId}`));
      return load.acknowledged.length + ended;
    };
    for (const { name, share } of plan()) {
      const from = Math.floor(share * (SUBMISSIONS + ENTRIES));
      await until(`the work has come to ${from}`, async () => (await workDone()) >= from, END_SEC);
      await kills[name]();
    }
    await Promise.all([load.done, handing]);
    expect(new Set(load.acknowledged).size).toBe(SUBMISSIONS);

    const open = new Set(load.acknowledged);
    await until(
      'all have ended',
      async () => {
        for (const id of open)
          if (isTerminal((await asked<Analysis>(`/v1/analyses/${id}`)).status)) open.delete(id);
        return open.size === 0;
      },
      END_SEC,
    );
    const batch = await until(
      'the batch has ended',
      async () => {
        const now = await asked<Batch>(`/v1/batches/${batchId}`);
        return isBatchOver(now.status) && now;
      },
      END_SEC,
    );
    expect(batch).toMatchObject({ status: 'completed', counters: { total: ENTRIES, skipped: 0, queued: 0 } });
    expect(endedOf(batch)).toBe(ENTRIES);
    const items: BatchItem[] = await batchCaller(url).items(String(batchId));
    expect(new Set(items.map(({ path }) => path)).size).toBe(ENTRIES);
    const entries = items.map(({ analysis_id }) => String(analysis_id));
    const all = [...load.acknowledged, ...entries];
    expect(new Set(all).size).toBe(SUBMISSIONS + ENTRIES);

    const analyses = await Promise.all(load.acknowledged.map((id) => asked<Analysis>(`/v1/analyses/${id}`)));
    const departing = ({ status, error }: { status: string; error?: { code: string } | null }) =>
      status !== 'succeeded' && error?.code !== 'worker_crashed';
    expect(analyses.filter(departing)).toEqual([]);
    const speech = items.filter(({ path }) => Number(/\d+/.exec(path)?.[0]) % SPEECH_EVERY === 0);
    expect(speech.filter(departing)).toEqual([]);

    await until(
      'every end was told',
      () => [...all, String(batchId)].every((id) => eventsAbout(id).size > 0),
      END_SEC,
    );
    expect([...all, String(batchId)].filter((id) => eventsAbout(id).size !== 1)).toEqual([]);

    const stored = { submission: new Set<string>(), result: new Set<string>() };
    for await (const { key } of system.store.list('analyses/default/')) {
      const [, , id, document] = key.split('/');
      if (document === 'submission.json') stored.submission.add(id);
      if (document === 'result.json') stored.result.add(id);
    }
    expect([...stored.submission].sort()).toEqual([...all].sort());
    expect([...stored.result].sort()).toEqual([...all].sort());
    const refused = [...load.refusals.keys()];
    const allowed = /^(503|409|429) retry-after \d/;
    expect(refused.filter((each) => /^\d/.test(each) && !allowed.test(each))).toEqual([]);
  },
  scaled(300_000, 5_400_000),
);
