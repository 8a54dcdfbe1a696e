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
import {
  addressOf,
  analysis,
  childrenOf,
  launch,
  submit,
  WITHIN_SEC,
  type Launcher,
} from './standalone-launcher';
import { until } from '../system/until';

jest.setTimeout(120_000);

/** From so many on a log is put aside. */
const LOG_BYTES = 10 * 1024 ** 2;

describe('npm start, in a folder with large logs and the lock of a process that is gone', () => {
  let dataDir: string;
  let launcher: Launcher;
  let address: string;
  const lock = (): string => path.join(dataDir, 'standalone.lock');
  const log = (n?: number): string => path.join(dataDir, 'logs', n ? `api.log.${n}` : 'api.log');
  const large = (line: string): string => `${line}\n`.repeat(Math.ceil(LOG_BYTES / line.length));

  beforeAll(async () => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'bonafide-standalone-'));
    writeFileSync(lock(), JSON.stringify({ pid: 1, bornAt: '0', address: 'http://gone' }));
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
    const { pid } = JSON.parse(readFileSync(lock(), 'utf8')) as { pid: number };
    expect(pid).toBe(launcher.process.pid);
  });

  test('When it takes any free ports, then none that an outgoing connection could hold when a server starts again', () => {
    const redisPort = readFileSync(path.join(dataDir, 'redis', 'port'), 'utf8');
    const lowest = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s/)[0];
    for (const port of [redisPort, new URL(address).port]) expect(Number(port)).toBeLessThan(Number(lowest));
  });

  test('When a log has grown large, then it is put aside and the next one begun, and only a few are kept', async () => {
    expect(readFileSync(log(1), 'utf8')).toMatch(/^from before/);
    expect([2, 3, 4].map((n) => readFileSync(log(n), 'utf8'))).toEqual(
      [1, 2, 3].map((n) => `${n} before that`),
    );
    appendFileSync(log(), large('of today'));
    const isAside = (): boolean => readFileSync(log(1), 'utf8').includes('of today');
    await until('the log is put aside under way', isAside, WITHIN_SEC);
    await fetch(`${address}/livez`);
    const isBegun = () => readFileSync(log(), 'utf8').includes('/livez') && statSync(log()).size < LOG_BYTES;
    await until('the API writes to the emptied log', isBegun, WITHIN_SEC);
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
    await until('a call', () => told.length > 0, WITHIN_SEC);
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
    await until('another worker', () => (worker()?.pid ?? died?.pid) !== died?.pid, WITHIN_SEC);
    const { id } = await submit(address);
    expect(await analysis(address, id)).toMatchObject({ status: 'succeeded' });
  });
});
