import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Analysis } from '@bonafide/contracts';
import { createUpkeepMarks } from '@bonafide/platform';
import { v7 as uuidv7 } from 'uuid';
import {
  keysNaming,
  programOf,
  recording,
  startReceiver,
  startClassicSystem,
  until,
  type Receiver,
  type System,
} from '../system';

const SUBMISSIONS = 50;
const LONG_AGO_SEC = 1_700_000_000;

/** A command of ours on the data of a running system. */
async function command(system: System, name: string, ...args: string[]) {
  const run = promisify(execFile)(process.execPath, [...programOf('cli', name), ...args], {
    env: system.env,
  });
  const { stdout, stderr, code } = await run.then(
    (output) => ({ ...output, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  );
  return { stdout, stderr, code };
}

const submit = async (system: System) => system.client.submit(await recording('real-en-3s.wav'));

async function outcomesOf(system: System): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of system.store.list('analyses/')) {
    if (key.endsWith('/result.json')) found.push(key.split('/')[2]);
  }
  return found.sort();
}

describe.each(['s3', 'folder'] as const)('the reconciler with the %s store', (kind) => {
  let system: System;
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await startReceiver();
    const env = {
      RECONCILE_EVERY_S: '1',
      RECONCILE_GRACE_S: '1',
      STALLED_AFTER_S: '4',
      WEBHOOK_ALLOW_HOSTS: '127.0.0.1',
    };
    system = await startClassicSystem({ store: kind, env });
    const { url } = receiver;
    await system.client.webhookEndpoints.create({ url, events: ['analysis.succeeded'] });
  }, 120_000);
  afterAll(async () => {
    await system?.stop();
    await receiver?.stop();
  });

  test(`When Redis is emptied in the middle of ${SUBMISSIONS} submissions, then each ends once and is told once`, async () => {
    const taken: Analysis[] = [];
    for (let n = 0; n < SUBMISSIONS; n++) {
      taken.push(await submit(system));
      if (n === Math.floor(SUBMISSIONS / 2)) await system.redis.flushall();
    }
    await Promise.all(taken.map(({ id }) => system.client.wait(id, { timeoutSec: 150 })));
    const ids = taken.map(({ id }) => id).sort();
    expect(await outcomesOf(system)).toEqual(ids);
    const told = () => receiver.received.map(({ body }) => (JSON.parse(body) as { data: Analysis }).data.id);
    await until('all are told', () => new Set(told()).size >= SUBMISSIONS, 60);
    const distinct = new Set(receiver.received.map(({ headers }) => headers['webhook-id']));
    expect(distinct.size).toBe(SUBMISSIONS);
    expect([...new Set(told())].sort()).toEqual(ids);
    const listed: string[] = [];
    for await (const { id } of system.client.each({ status: 'succeeded' })) listed.push(id);
    expect(listed.sort()).toEqual(ids);
  }, 240_000);

  test('When a job is lost and nothing else, then its analysis is queued again', async () => {
    await system.redis.flushall();
    await until('the index is whole again', () => system.redis.exists('{bonafide}:indexed'));
    await command(system, 'queues', 'pause', 'analyses');
    const { id } = await submit(system);
    await system.redis.del(`{bonafide}:analyses:${id}`);
    await system.redis.lrem('{bonafide}:analyses:wait', 0, id);
    await system.redis.lrem('{bonafide}:analyses:paused', 0, id);
    await command(system, 'queues', 'resume', 'analyses');
    expect((await system.client.wait(id, { timeoutSec: 60 })).status).toBe('succeeded');
  });

  test('When a deletion is under way, then nobody is told of what is being deleted', async () => {
    const { id } = await submit(system);
    const announced = async () =>
      (await keysNaming(system.store, id)).filter((key) => key.endsWith('announced.json'));
    await until('it is over', async () => (await announced()).length === 1);
    const marks = createUpkeepMarks(system.redis);
    const ref = { tenant: 'default', analysis_id: id };
    await marks.addDeleted(ref);
    for (const key of await announced()) await system.store.remove(key);
    await marks.addOpen(ref);
    for (const round of ['the reconciler has come by', 'and once more']) {
      const nobodys = { tenant: 'default', analysis_id: uuidv7() };
      await marks.addOpen(nobodys);
      const isOpen = async () =>
        (await marks.open(0, 100)).some(({ analysis_id }) => analysis_id === nobodys.analysis_id);
      await until(round, async () => !(await isOpen()));
    }
    expect(await announced()).toEqual([]);
    await system.client.remove(id);
  }, 60_000);

  test('When a submission is in the store and Redis never heard of it, then it is found and analysed', async () => {
    const { id } = await submit(system);
    await system.client.wait(id, { timeoutSec: 60 });
    const twin = uuidv7();
    const record = await system.store.read(`analyses/default/${id}/submission.json`);
    await system.store.copy(`media/default/${id}`, `media/default/${twin}`);
    const text = record?.toString().replace(id, twin) ?? '';
    await system.store.put(`analyses/default/${twin}/submission.json`, Buffer.from(text));
    expect((await system.client.wait(twin, { timeoutSec: 60 })).status).toBe('succeeded');
    expect((await system.client.list({ limit: 1 })).items.map((item) => item.id)).toEqual([twin]);
  });
});

describe('recovery and queues from the command line', () => {
  let system: System;
  beforeAll(async () => {
    system = await startClassicSystem({
      store: 'folder',
      workers: 0,
      env: { RECONCILE_EVERY_S: '3600', RECONCILE_GRACE_S: '1' },
    });
  }, 120_000);
  afterAll(() => system?.stop());

  test('When Redis was lost, then recover queues what is unfinished, once however often it runs', async () => {
    const ids = (await Promise.all([submit(system), submit(system), submit(system)])).map(({ id }) => id);
    await until(
      'they are old enough to be missed',
      async () => {
        await system.redis.flushall();
        const { stdout } = await command(system, 'recover', '--json');
        return (JSON.parse(stdout) as { queued: number; indexed: number }).queued === ids.length;
      },
      60,
    );
    const second = await command(system, 'recover');
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(/^ +0 {2}queued again$/m);
    expect(second.stdout).toMatch(/^ +3 {2}analyses in the index$/m);
    expect(await system.redis.llen('{bonafide}:analyses:wait')).toBe(ids.length);
  }, 120_000);

  test('When queues are asked for, paused and drained, then they do so and what waited ends as canceled', async () => {
    const { stdout } = await command(system, 'queues', 'status', '--json');
    const { queues } = JSON.parse(stdout) as { queues: { queue: string; counts: { waiting: number } }[] };
    expect(queues.map(({ queue }) => queue)).toEqual(
      expect.arrayContaining(['analyses', 'bulk', 'batches', 'webhooks', 'maintenance']),
    );
    expect(queues.find(({ queue }) => queue === 'analyses')?.counts.waiting).toBe(3);
    expect((await command(system, 'queues', 'pause', 'analyses')).stdout).toMatch(/^analyses +paused/m);
    expect((await command(system, 'queues', 'resume')).stdout).toMatch(/^analyses +running/m);
    expect((await command(system, 'queues', 'drain')).stdout).toMatch('3 analyses ended as canceled');
    expect((await system.client.list({ status: 'canceled' })).items).toHaveLength(3);
    expect((await command(system, 'queues', 'retry-failed')).code).toBe(0);
  }, 60_000);

  test.each([
    ['queues', ['melt']],
    ['queues', ['drain', 'webhooks']],
    ['recover', ['--fast']],
  ])('When %s is called with %j, then it says what it knows and ends with 2', async (name, args) => {
    const { code, stderr } = await command(system, name, ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^${name}: `));
  });
});

describe('what killed processes leave', () => {
  test('When a deletion broke off before its last step and Redis was lost, then it is finished', async () => {
    const system = await startClassicSystem({
      store: 'folder',
      workers: 0,
      env: { SWEEP_EVERY_S: '1', RECONCILE_EVERY_S: '1' },
    });
    try {
      const { id } = await submit(system);
      const gone = `analyses/default/${uuidv7()}/result.json`;
      const kept = `analyses/default/${id}/submission.json`;
      await system.store.put(
        gone,
        Buffer.from('what was found in a recording that somebody wanted to be forgotten'),
      );
      await system.redis.flushall();
      await system.startWorker();
      await until('the result is gone', async () => (await system.store.head(gone)) === null);
      expect((await system.client.wait(id, { timeoutSec: 60 })).status).toBe('succeeded');
      expect(await system.store.head(kept)).not.toBeNull();
    } finally {
      await system.stop();
    }
  }, 120_000);

  test('When the sweep runs, then orphans and folders of dead workers go, and what is in use stays', async () => {
    const system = await startClassicSystem({ store: 'folder', workers: 0, env: { SWEEP_EVERY_S: '1' } });
    try {
      const folder = system.env.DATA_DIR ?? '';
      const machine = hostname()
        .replace(/[^A-Za-z0-9.]/g, '')
        .slice(0, 64);
      const dead = join(folder, `bonafide-worker-${machine}-999999-abcdef`);
      const elsewhere = join(folder, 'bonafide-worker-elsewhere-999999-abcdef');
      await Promise.all([mkdir(dead), mkdir(elsewhere)]);
      const { id } = await submit(system);
      const media = [
        `media/default/${id}`,
        `media/default/${uuidv7()}`,
        `upload-media/default/${uuidv7()}`,
        `batch-media/default/${uuidv7()}`,
      ];
      for (const key of media.slice(1)) await system.store.put(key, Buffer.from('nobody asks for it'));
      const partial = join(folder, 'store/.partial/left');
      await writeFile(partial, 'half');
      for (const path of [...media.map((key) => join(folder, 'store', key)), partial]) {
        await utimes(path, LONG_AGO_SEC, LONG_AGO_SEC);
      }
      await system.startWorker();
      const left = [...media.map((key) => join(folder, 'store', key)), partial, dead, elsewhere];
      const inUse = [join(folder, 'store', media[0]), elsewhere];
      await until('only what is in use is left', () => left.filter(existsSync).join() === inUse.join());
    } finally {
      await system.stop();
    }
  }, 120_000);
});
