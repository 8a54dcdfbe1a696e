import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { addressOf, analysis, childrenOf, launch, submit, until, type Launcher } from './standalone-launcher';

jest.setTimeout(120_000);

/** From so many on a log is put aside. */
const LOG_BYTES = 10 * 1024 ** 2;

describe('npm start, in a folder with large logs and the lock of a process that is gone', () => {
  let dataDir: string;
  let launcher: Launcher;
  let address: string;
  const log = (n?: number): string => path.join(dataDir, 'logs', n ? `api.log.${n}` : 'api.log');
  const large = (line: string): string => `${line}\n`.repeat(Math.ceil(LOG_BYTES / line.length));

  beforeAll(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'bonafide-standalone-'));
    const lock = { pid: 1, bornAt: '0', address: 'http://gone' };
    writeFileSync(path.join(dataDir, 'standalone.lock'), JSON.stringify(lock));
    mkdirSync(path.dirname(log()));
    writeFileSync(log(), large('from before'));
    for (const n of [1, 2, 3, 4]) writeFileSync(log(n), `${n} before that`);
    launcher = launch({ DATA_DIR: dataDir, WEBHOOK_ALLOW_HOSTS: '127.0.0.1' });
    address = await addressOf(launcher);
  });

  afterAll(async () => {
    launcher.process.kill('SIGTERM');
    await launcher.ended;
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('When it has come up, then the lock that lay there was taken over', () => {
    expect(address).toMatch(/^http:\/\/127/);
  });

  test('When a log has grown large, then it is put aside and the next one begun, and only a few are kept', async () => {
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
    const receiver = createServer((request, response) => {
      void text(request).then((body) => told.push(body));
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
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
    const second = launch({ DATA_DIR: dataDir });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`already runs on ${dataDir}`);
    expect(second.output()).toContain(address);
  });

  test('When a worker dies and the logs are gone, then it is said, another takes its place, and analyses succeed', async () => {
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
});
