import { isTerminal, type Analysis } from '@bonafide/contracts';
import {
  freePorts,
  recording,
  repeated,
  startClassicSystem,
  until,
  type Child,
  type System,
} from '../system';
import { submitAll } from './load';
import { scaled } from './scale';

const SUBMISSIONS = scaled(16, 200);
let system: System;
let ports: number[];

beforeAll(async () => {
  ports = await freePorts(2);
  system = await startClassicSystem({
    store: 'folder',
    workers: 1,
    env: { PORT: String(ports[0]), SHUTDOWN_GRACE_S: '30' },
  });
}, 150_000);
afterAll(() => system?.stop());

test('When processes are restarted one after the other under load, then no request fails and no job is lost', async () => {
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const second = await startApi(ports[1]);
  let turn = 0;
  // As a proxy does that looks at readiness: only to those that are not being restarted.
  let open = urls;
  const load = submitAll(() => open[turn++ % open.length], { count: SUBMISSIONS, atOnce: 3 });
  const restart = async (n: number, child: Child): Promise<void> => {
    open = urls.filter((_url, index) => index !== n);
    expect(await child.end('SIGTERM')).toBe(0);
    await startApi(ports[n]);
    open = urls;
  };
  await until('the load runs', () => load.acknowledged.length > 0, 60);
  await restart(0, system.api);
  await restart(1, second);
  const [first] = system.workers;
  await system.startWorker();
  expect(await first.end('SIGTERM')).toBe(0);
  await load.done;
  expect([...load.refusals.keys()]).toEqual([]);
  for (const id of load.acknowledged) {
    await until(
      'it has ended',
      async () => {
        const response = await fetch(`${urls[0]}/v1/analyses/${id}?wait=5`);
        return isTerminal(((await response.json()) as Analysis).status);
      },
      120,
    );
  }
}, 600_000);

test('When the API is told to stop, then what it has begun is answered and nothing new is taken', async () => {
  const [port] = await freePorts(1);
  const api = await startApi(port);
  const url = `http://127.0.0.1:${port}`;
  const form = new FormData();
  const { content, filename } = await recording(await repeated('real-it.flac', 3));
  form.set('file', content, filename);
  const accepted = await fetch(`${url}/v1/analyses`, { method: 'POST', body: form });
  const { id } = (await accepted.json()) as Analysis;
  const waiting = fetch(`${url}/v1/analyses/${id}?wait=20`);
  await until('the request is there', async () => (await fetch(`${url}/livez`)).ok);
  expect(await api.end('SIGTERM')).toBe(0);
  expect((await waiting).status).toBe(200);
  await expect(fetch(`${url}/livez`)).rejects.toThrow();
});

async function startApi(port: number): Promise<Child> {
  await system.startApi({ PORT: String(port) });
  return system.workers.at(-1) as Child;
}
