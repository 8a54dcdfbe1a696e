import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  addressOf,
  analysis,
  childrenOf,
  isRunning,
  launch,
  submit,
  WITHIN_SEC,
  type Launcher,
} from './standalone-launcher';
import { until } from '../system/until';

jest.setTimeout(120_000);

describe('npm start, as it begins and ends', () => {
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

  test('When it is killed without warning, then its children end by themselves and the next start works', async () => {
    const launcher = start();
    const { id } = await submit(await addressOf(launcher));
    const children = childrenOf(launcher.process.pid as number);
    launcher.process.kill('SIGKILL');
    await launcher.ended;
    const again = await addressOf(start());
    const areGone = () => !children.some((child) => isRunning(child.pid));
    await until('the end of the old children', areGone, WITHIN_SEC);
    expect(await analysis(again, id)).toMatchObject({ id, status: 'succeeded' });
  });

  test('When the port is taken, then it says which and how to choose another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await until('the other listener', () => other.listening);
    const { port } = other.address() as AddressInfo;
    const launcher = start({ PORT: String(port) });
    expect(await launcher.ended).toBe(1);
    expect(launcher.output()).toContain(`Port ${port} of 127.0.0.1 is in use`);
    other.close();
  });

  test.each([
    ['a folder without a bundle', 'MODELS_DIR', 'nowhere', 'There is no bundle of models in'],
    ['a program that is not there', 'FFMPEG_PATH', 'nowhere', 'ffmpeg cannot be used as'],
    ['a program that is no ffmpeg', 'FFMPEG_PATH', '/bin/true', 'ffmpeg cannot be used as'],
  ])('When it is given %s, then it ends, and says what it cannot use', async (_, variable, named, words) => {
    const value = path.resolve(dataDir, named);
    const launcher = start({ [variable]: value });
    expect(await launcher.ended).toBe(1);
    expect(launcher.output()).toContain(`${words} ${value}`);
    expect(launcher.output()).not.toMatch(/starting it again|is ready/);
  });

  test('When the data folder is a file, then it says so', async () => {
    const dataFile = path.join(dataDir, 'file');
    writeFileSync(dataFile, '');
    const launcher = start({ DATA_DIR: dataFile });
    expect(await launcher.ended).toBe(1);
    expect(launcher.output()).toMatch(/The data folder cannot be used \(DATA_DIR\): \S+file/);
    expect(launcher.output()).not.toMatch(/^\s+at /m);
  });

  test('When the environment is unusable, then every fault is listed at once', async () => {
    const launcher = start({ WORKERS: 'many', MAX_UPLOAD_BYTES: '-1' });
    expect(await launcher.ended).toBe(1);
    expect(launcher.output()).toMatch(/WORKERS[^]*MAX_UPLOAD_BYTES/);
  });
});
