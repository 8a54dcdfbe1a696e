import { isTerminal } from '@bonafide/contracts';
import { entryAnalysisId } from '@bonafide/platform';
import { Queue } from 'bullmq';
import {
  batchCaller,
  gzip,
  rubbish,
  startStoreProxy,
  startClassicSystem,
  tarOf,
  until,
  type BatchCaller,
  type Child,
  type StoreProxy,
  type System,
  type Treatment,
} from '../system';
import { startReceiver, type Receiver } from './load';

const PATHS = Array.from({ length: 12 }, (_unused, n) => `calls/${n}.wav`);
/** So long a store in trouble takes to refuse; with three tries longer than what was taken in stays unwritten. */
const REFUSAL_MS = 500;
let system: System;
let receiver: Receiver;
let proxy: StoreProxy;
let batches: BatchCaller;
let frozen: Child | undefined;
/** What is not stored as the rest, by how its path in the store begins. */
const treatments = new Map<string, () => Promise<Treatment>>();

beforeAll(async () => {
  receiver = await startReceiver();
  const env = { STALLED_AFTER_S: '2', RECONCILE_EVERY_S: '1', WEBHOOK_ALLOW_HOSTS: '127.0.0.0/8' };
  system = await startClassicSystem({ store: 's3', workers: 0, env });
  batches = batchCaller(system.url);
  proxy = await startStoreProxy(String(system.s3Server?.endpoint), async ({ method, path }) => {
    const isMeant = ([beginning]: [string, unknown]) => path.startsWith(beginning);
    const [, treat] = (method === 'PUT' && [...treatments].find(isMeant)) || [];
    return treat ? treat() : 'served';
  });
  const events = ['analysis.succeeded', 'analysis.failed'] as const;
  await system.client.webhookEndpoints.create({ url: receiver.url, events: [...events] });
}, 300_000);
afterAll(async () => {
  if (frozen) process.kill(frozen.pid, 'SIGCONT');
  await system?.stop();
  proxy?.close();
  receiver?.server.closeAllConnections();
  receiver?.server.close();
});

async function handOver(firstNumber: number): Promise<string> {
  const entries = PATHS.map((name, n) => ({ name, data: rubbish(firstNumber + n) }));
  return (await batches.create(gzip(await tarOf(entries)), 'calls.tar.gz', { retention: 'none' })).id;
}

const workerThroughProxy = (env = {}): Promise<Child> =>
  system.startWorker({ S3_ENDPOINT: proxy.endpoint, ...env });

const recordingOf = (batchId: string, index: number) =>
  `/bonafide/media/default/${entryAnalysisId(batchId, index, 0)}`;

/** Every entry once and in its place, with one analysis, one result, one event, and no recording left. */
async function expectWhole(batchId: string): Promise<void> {
  const { status, counters } = await batches.get(batchId);
  const failed = PATHS.length;
  expect({ status, ...counters }).toMatchObject({ status: 'completed', total: failed, failed, skipped: 0 });
  const items = await batches.items(batchId);
  expect(items.map(({ path }) => path)).toEqual(PATHS);
  const ids = items.map(({ analysis_id }) => String(analysis_id));
  const made = new Set(PATHS.map((_path, index) => entryAnalysisId(batchId, index, 0)));
  expect(ids).toEqual([...made]);
  const told = () => receiver.events.filter(({ about }) => made.has(about));
  await until('every end was told', () => new Set(told().map(({ about }) => about)).size === made.size);
  expect(new Set(told().map(({ id }) => id)).size).toBe(made.size);
  const recordings = [...made].map((id) => `media/default/${id}`);
  const left = async () =>
    (await Promise.all(recordings.map((key) => system.store.head(key)))).filter(Boolean);
  await until('no recording is left', async () => (await left()).length === 0);
}

test('When the store refuses one entry of an archive for a while, then no entry is lost nor listed twice', async () => {
  const id = await handOver(1_000);
  let isMended = false;
  treatments.set(recordingOf(id, 2), async () => {
    if (isMended) return 'served';
    await new Promise((resolve) => setTimeout(resolve, REFUSAL_MS));
    return 'refused';
  });
  const worker = await workerThroughProxy();
  const behind = entryAnalysisId(id, 3, 0);
  await until('one behind it has ended', async () => isTerminal((await system.client.get(behind)).status));
  await until('taking in has stopped', () => worker.output().includes('a job waits for what is away'));
  isMended = true;
  await batches.ended(id, 60);
  await expectWhole(id);
  expect(await worker.end()).toBe(0);
}, 180_000);

const KILLER = 2;

/** Starts one worker after the other, each killed when it is at that entry and has taken in the one behind it. */
async function killAt(batchId: string, times: number): Promise<void> {
  const { isAsked } = holdBack(recordingOf(batchId, KILLER));
  for (let n = 1; n <= times; n++) {
    const worker = await workerThroughProxy();
    await until(`worker ${n} is at it`, () => isAsked(n), 60);
    await killBehind(worker, batchId);
  }
  treatments.delete(recordingOf(batchId, KILLER));
}

/** The same until one gives the archive up. How often that is depends on what each has listed before its end. */
async function killUntil(
  batchId: string,
  isGivenUp: () => boolean | Promise<boolean>,
): Promise<{ kills: number; last: Child }> {
  const { isAsked } = holdBack(recordingOf(batchId, KILLER));
  for (let kills = 0; ; kills++) {
    const last = await workerThroughProxy();
    await until('it is at it, or gives it up', async () => isAsked(kills + 1) || isGivenUp(), 60);
    if (await isGivenUp()) return { kills, last };
    await killBehind(last, batchId);
  }
}

/** What is stored under such a path has no answer until it is let go. */
function holdBack(beginning: string) {
  let [asked, letGo] = [0, (_treatment: Treatment): void => undefined];
  const held = new Promise<Treatment>((resolve) => (letGo = resolve));
  treatments.set(beginning, () => {
    asked++;
    return held;
  });
  return { isAsked: (times = 1) => asked >= times, serve: () => letGo('served') };
}

async function killBehind(worker: Child, batchId: string): Promise<void> {
  await until('the one behind it is there', () => system.client.get(entryAnalysisId(batchId, KILLER + 1, 0)));
  await worker.end('SIGKILL');
}

/** What was queued and is not in the list does not run. */
async function isLeftOut(batchId: string, index = KILLER + 1): Promise<boolean> {
  const behind = await system.client.get(entryAnalysisId(batchId, index, 0)).catch(() => null);
  return behind?.status === 'canceled';
}

/** As many entries as are listed have ended, and all others are of nobody. */
async function expectGivenUp(batchId: string): Promise<void> {
  const { status, error } = await batches.ended(batchId, 60);
  expect({ status, error }).toMatchObject({ status: 'failed', error: { code: 'worker_crashed' } });
  const items = await batches.items(batchId);
  expect(items.map(({ path }) => path)).toEqual(PATHS.slice(0, Math.min(items.length, KILLER)));
  const { counters } = await batches.get(batchId);
  expect(counters).toMatchObject({ total: items.length, failed: items.length, queued: 0 });
}

test('When an archive loses its workers twice, then it goes on; when again and again without coming on, then it is given up', async () => {
  const survivor = await handOver(3_000);
  await killAt(survivor, 2);
  const second = await system.startWorker();
  await batches.ended(survivor, 60);
  await expectWhole(survivor);
  await second.end();
  const queue = new Queue('bulk', { connection: system.redis, prefix: '{bonafide}' });
  await queue.pause();
  const killer = await handOver(4_000);
  const isGivenUp = async () =>
    (await batches.get(killer)).error?.code === 'worker_crashed' || (await isLeftOut(killer));
  const { kills, last } = await killUntil(killer, isGivenUp);
  expect(kills).toBeGreaterThanOrEqual(2);
  await until('what is not listed is canceled', () => isLeftOut(killer), 60);
  await queue.resume();
  await queue.close();
  await expectGivenUp(killer);
  await last.end();
}, 300_000);

test('When an archive is taken in once more while it is given up, then its list stays as it was closed and nothing behind it runs', async () => {
  const queue = new Queue('bulk', { connection: system.redis, prefix: '{bonafide}' });
  await queue.pause();
  const id = await handOver(6_000);
  const closing = holdBack(`/bonafide/batches/default/${id}/expansion`);
  const { last } = await killUntil(id, closing.isAsked);
  const again = holdBack(recordingOf(id, 5));
  treatments.delete(recordingOf(id, KILLER));
  const other = await workerThroughProxy();
  await until('it is taken in once more', again.isAsked, 60);
  closing.serve();
  await until('what is behind is canceled', () => isLeftOut(id), 60);
  again.serve();
  await until('the last of it is canceled', () => isLeftOut(id, PATHS.length - 1), 60);
  await queue.resume();
  await queue.close();
  await expectGivenUp(id);
  await Promise.all([last.end(), other.end()]);
}, 300_000);

test('When a worker freezes in an archive and thaws after another has taken it in, then nothing is taken back', async () => {
  const id = await handOver(2_000);
  const second = holdBack(recordingOf(id, 2));
  holdBack(recordingOf(id, 5));
  frozen = await workerThroughProxy({ SHUTDOWN_GRACE_S: '20' });
  await until('it is at the archive', second.isAsked);
  process.kill(frozen.pid, 'SIGSTOP');
  const other = await system.startWorker();
  await batches.ended(id, 60);
  process.kill(frozen.pid, 'SIGCONT');
  second.serve();
  await frozen.end();
  frozen = undefined;
  await expectWhole(id);
  await other.end();
}, 180_000);

test('When the list of a worker that froze is stored after another has taken in the archive, then nothing is taken back', async () => {
  const id = await handOver(5_000);
  const list = holdBack(`/bonafide/batches/default/${id}/items/`);
  frozen = await workerThroughProxy({ SHUTDOWN_GRACE_S: '2' });
  await until('it writes its list', list.isAsked);
  process.kill(frozen.pid, 'SIGSTOP');
  const other = await system.startWorker();
  await batches.ended(id, 60);
  const listed = async () => {
    const objects: string[] = [];
    for await (const each of system.store.list(`batches/default/${id}/items/`))
      objects.push(JSON.stringify(each));
    return objects.join();
  };
  const before = await listed();
  list.serve();
  await until('the late list is stored', async () => (await listed()) !== before);
  await frozen.end('SIGKILL');
  frozen = undefined;
  await expectWhole(id);
  await other.end();
}, 180_000);
