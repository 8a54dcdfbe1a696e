import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { appendFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fixture, programOf, ROOT, startClassicSystem, temporaryFolder, type System } from '../system';

const FILES = 12;

type Ended = { exit: number | null; stdout: string; stderr: string };
type State = { batch_id: string | null; uploads: Record<string, { upload_id: string }> };

/** Runs a command of ours; `stopAt`: what is to be seen on the standard error before it gets a Ctrl-C. */
function run(program: 'batch' | 'analyze', args: readonly string[], { stopAt }: { stopAt?: RegExp } = {}) {
  const child = spawn(process.execPath, [...programOf('cli', program), ...args], { cwd: ROOT });
  let isStopped = false;
  const ended: Ended = { exit: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (ended.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    ended.stderr += chunk.toString();
    if (stopAt?.test(ended.stderr) && !isStopped) isStopped = child.kill('SIGINT');
  });
  return new Promise<Ended>((resolve) => child.once('close', (exit) => resolve({ ...ended, exit })));
}

const idsOf = ({ uploads }: State) => Object.values(uploads).map(({ upload_id }) => upload_id);

describe('the command line and a running service', () => {
  let system: System;
  let folder: string;
  beforeAll(async () => {
    system = await startClassicSystem({ store: 'folder', workers: 0 });
    folder = join(await temporaryFolder(), 'calls');
    await mkdir(join(folder, 'march'), { recursive: true });
    for (let index = 0; index < FILES; index++) {
      const file = join(folder, index % 2 === 0 ? 'march' : '.', `call-${index}.wav`);
      await cp(fixture('real-en-3s.wav'), file);
      // Other bytes behind the same sound: nothing is known from before.
      await appendFile(file, `note ${index}`);
    }
  });
  afterAll(() => system?.stop());

  test('When a batch is stopped in the upload and again in the analysis, then the third run ends the one batch', async () => {
    const stateFile = `${folder}.bonafide.json`;
    const readState = () => JSON.parse(readFileSync(stateFile, 'utf8')) as State;
    const out = join(dirname(folder), 'report.csv');
    const args = [folder, '--server', system.url, '--label', 'march', '--out', out];

    const first = await run('batch', args, { stopAt: /upload .* [1-9]\d* of/ });
    expect(first).toMatchObject({
      exit: 130,
      stderr: expect.stringContaining('goes on from here') as string,
    });
    const begun = idsOf(readState());
    expect(begun.length).toBeGreaterThan(0);

    expect(await run('batch', args, { stopAt: /analyse/ })).toMatchObject({ exit: 130 });
    const handedOver = readState();
    expect(idsOf(handedOver)).toHaveLength(FILES);
    expect(idsOf(handedOver)).toEqual(expect.arrayContaining(begun));

    await system.startWorker();
    const last = await run('batch', args);
    expect(last).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining(`batch ${handedOver.batch_id}`) as string,
    });
    const { items } = await system.client.batches.list();
    expect(items.map(({ id, status, label }) => ({ id, status, label }))).toEqual([
      { id: handedOver.batch_id, status: 'completed', label: 'march' },
    ]);
    const rows = readFileSync(out, 'utf8').trim().split(/\r?\n/);
    expect(rows).toHaveLength(1 + FILES);
    expect(rows.filter((row) => row.includes('march/call-'))).toHaveLength(FILES / 2);
    expect(existsSync(stateFile)).toBe(false);
  }, 180_000);

  test('When what is named is no archive, then it is refused, and nothing of the attempt is kept', async () => {
    const letter = join(dirname(folder), 'letter.zip');
    await writeFile(letter, 'only words');
    const { exit, stderr } = await run('batch', [letter, '--server', system.url]);
    expect([exit, stderr]).toEqual([2, expect.stringContaining('not_an_archive')]);
    expect(existsSync(`${letter}.bonafide.json`)).toBe(false);
  });

  test('When a service is asked to analyse files, then answers come in their order, the bad ones too', async () => {
    const text = join(dirname(folder), 'letter.wav');
    await writeFile(text, 'only words');
    const missing = join(folder, 'missing.wav');
    const files = [text, missing, fixture('real-en-3s.wav')];
    const { exit, stdout } = await run('analyze', ['--json', '--server', system.url, ...files]);
    const answers = stdout
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as {
            success: boolean;
            error?: { code: string };
            audio_info: { file_path: string };
          },
      );
    expect(answers.map(({ success, error }) => (success ? 'ok' : error?.code))).toEqual([
      'not_audio',
      'not_found',
      'ok',
    ]);
    expect(answers.map(({ audio_info }) => basename(audio_info.file_path))).toEqual(
      files.map((file) => basename(file)),
    );
    expect(exit).toBe(1);
  }, 180_000);

  test('When there is no service, then the commands say so and end with 2', async () => {
    const nowhere = ['--server', 'http://127.0.0.1:1'];
    const ended = await Promise.all([
      run('batch', [folder, ...nowhere]),
      run('analyze', [fixture('real-en-3s.wav'), ...nowhere]),
    ]);
    for (const { exit, stderr } of ended) {
      expect(stderr).toContain('the service cannot be reached');
      expect(exit).toBe(2);
    }
  }, 180_000);
});
