import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createReceiver } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { addressOf, childrenOf, isRunning, launch, root, until, type Launcher } from './standalone-launcher';

jest.setTimeout(120_000);

/** From so many on a log is put aside. */
const LOG_BYTES = 10 * 1024 ** 2;

type View = { id: string; status: string; links?: unknown };
const recording = path.join(root, 'tests/fixtures/real-en-3s.wav');

async function submit(address: string, fields: Record<string, string> = {}): Promise<View> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([readFileSync(recording)]), 'hello.wav');
  return (await (await fetch(`${address}/v1/analyses`, { method: 'POST', body: form })).json()) as View;
}

const analysis = async (address: string, id: string): Promise<View> =>
  (await (await fetch(`${address}/v1/analyses/${id}?wait=30`)).json()) as View;

describe('npm start', () => {
  let dataDir: string;
  const launchers: Launcher[] = [];
  const start = (env: Record<string, string> = {}): Launcher => {
    const launcher = launch({ DATA_DIR: dataDir, ...env });
    launchers.push(launcher);
    return launcher;
  };

  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'bonafide-standalone-'));
  });

  afterEach(async () => {
    for (const launcher of launchers.splice(0)) {
      launcher.process.kill('SIGTERM');
      await launcher.ended;
    }
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('When it is interrupted and started again, then no child is left and earlier analyses are found', async () => {
    const first = start();
    const address = await addressOf(first);
    expect(first.output()).toContain(dataDir);
    expect(first.output()).toMatch(/curl -F file=@\S+ http/);
    const children = childrenOf(first.process.pid as number);
    for (const name of [/apps\/api\/dist/, /apps\/worker\/dist/, /redis-server/])
      expect(children.filter((child) => name.test(child.commandLine))).toHaveLength(1);
    const { id } = await submit(address);
    expect(await analysis(address, id)).toMatchObject({ id, status: 'succeeded' });

    first.process.kill('SIGINT');
    expect(await first.ended).toBe(0);
    expect(children.filter((child) => isRunning(child.pid))).toEqual([]);

    const again = await addressOf(start());
    expect(await analysis(again, id)).toMatchObject({ id, status: 'succeeded' });
  });

  test('When a log has grown large, then it is put aside and the next one begun, and only a few are kept', async () => {
    const log = (n?: number): string => path.join(dataDir, 'logs', n ? `api.log.${n}` : 'api.log');
    const large = (line: string): string => `${line}\n`.repeat(Math.ceil(LOG_BYTES / line.length));
    mkdirSync(path.dirname(log()));
    writeFileSync(log(), large('from before'));
    for (const n of [1, 2, 3, 4]) writeFileSync(log(n), `${n} before that`);
    const address = await addressOf(start());
    expect(readFileSync(log(1), 'utf8')).toMatch(/^from before/);
    expect([2, 3, 4].map((n) => readFileSync(log(n), 'utf8'))).toEqual(
      [1, 2, 3].map((n) => `${n} before that`),
    );
    appendFileSync(log(), large('of today'));
    const isAside = (): boolean => readFileSync(log(1), 'utf8').includes('of today');
    await until(isAside, () => 'the log is put aside under way');
    await fetch(`${address}/livez`);
    await until(
      () => readFileSync(log(), 'utf8').includes('/livez') && statSync(log()).size < LOG_BYTES,
      () => 'the API writes to the emptied log',
    );
  });

  test('When an end is told by a webhook, then its link leads to the result from anywhere on this machine', async () => {
    const told: string[] = [];
    const receiver = createReceiver((request, response) => {
      void text(request).then((body) => told.push(body));
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const address = await addressOf(start({ WEBHOOK_ALLOW_HOSTS: '127.0.0.1' }));
    const webhookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const { id } = await submit(address, { webhook_url: webhookUrl });
    await until(
      () => told.length > 0,
      () => 'a call',
    );
    receiver.close();
    const { data } = JSON.parse(told[0]) as { data: { links: { self: string } } };
    expect(data.links.self).toBe(`${address}/v1/analyses/${id}`);
    expect(await (await fetch(data.links.self)).json()).toMatchObject({ id, status: 'succeeded' });
  });

  test('When it is started while it runs, then the second start says so with the address', async () => {
    const address = await addressOf(start());
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`already runs on ${dataDir}`);
    expect(second.output()).toContain(address);
  });

  test('When a worker dies and the logs are gone, then it is said, another takes its place, and analyses succeed', async () => {
    const launcher = start();
    const address = await addressOf(launcher);
    const worker = () =>
      childrenOf(launcher.process.pid as number).find((child) => child.commandLine.includes('worker'));
    const died = worker();
    // As somebody does who clears up: there is no last line to show then.
    rmSync(path.join(dataDir, 'logs'), { recursive: true });
    process.kill(died?.pid as number, 'SIGKILL');
    await launcher.shows(/worker-1 ended \(signal SIGKILL\)/);
    await until(
      () => (worker()?.pid ?? died?.pid) !== died?.pid,
      () => 'another worker',
    );
    const { id } = await submit(address);
    expect(await analysis(address, id)).toMatchObject({ status: 'succeeded' });
  });

  test('When it is killed without warning, then its children end by themselves and the next start works', async () => {
    const launcher = start();
    const { id } = await submit(await addressOf(launcher));
    const children = childrenOf(launcher.process.pid as number);
    launcher.process.kill('SIGKILL');
    await launcher.ended;
    const again = await addressOf(start());
    await until(
      () => !children.some((child) => isRunning(child.pid)),
      () => 'the end of the old children',
    );
    expect(await analysis(again, id)).toMatchObject({ id, status: 'succeeded' });
  });

  test('When the port is taken, then it says which and how to choose another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await until(
      () => other.listening,
      () => 'the other listener',
    );
    const { port } = other.address() as AddressInfo;
    const launcher = start({ PORT: String(port) });
    expect(await launcher.ended).toBe(1);
    expect(launcher.output()).toContain(`Port ${port} of 127.0.0.1 is in use`);
    other.close();
  });

  test('When the lock of a process that is gone lies there, then it is taken over', async () => {
    writeFileSync(
      path.join(dataDir, 'standalone.lock'),
      JSON.stringify({ pid: 1, bornAt: '0', address: 'http://gone' }),
    );
    expect(await addressOf(start())).toMatch(/^http/);
  });

  test('When the environment is unusable, then every fault is listed at once', async () => {
    const launcher = start({ WORKERS: 'many', MAX_UPLOAD_BYTES: '-1' });
    expect(await launcher.ended).toBe(1);
    expect(launcher.output()).toMatch(/WORKERS[^]*MAX_UPLOAD_BYTES/);
  });
});
