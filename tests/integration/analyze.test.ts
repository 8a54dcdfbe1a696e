import { execFile, execFileSync, type ExecFileException } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Report, reportSchema } from '@bonafide/contracts';
import { programOf } from '../system';

const root = path.join(__dirname, '../..');
const fixtures = path.join(root, 'tests/fixtures');
let folder: string;

type Answer =
  Report | { success: false; error: { code: string; message: string }; audio_info: { file_path: string } };
type Outcome = { exit: number; answers: Answer[]; stdout: string; stderr: string };

const analyze = (...args: string[]): Promise<Outcome> => analyzeWith(process.env, ...args);

function analyzeWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...programOf('cli', 'analyze'), ...args],
      { cwd: root, env },
      (error: ExecFileException | null, stdout, stderr) => {
        const lines = args.includes('--json') ? stdout.split('\n').filter(Boolean) : [];
        const answers = lines.map((line) => JSON.parse(line) as Answer);
        resolve({ exit: error ? Number(error.code) : 0, answers, stdout, stderr });
      },
    );
  });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'analyze-'));
  await mkdir(path.join(folder, 'b/inner'), { recursive: true });
  await cp(path.join(fixtures, 'real-en-3s.wav'), path.join(folder, 'b/inner/voice.wav'));
  await cp(path.join(fixtures, 'fake-ja.mp3'), path.join(folder, 'a.mp3'));
  await cp(path.join(fixtures, 'real-en-3s.wav'), path.join(folder, 'voice-without-extension'));
  await writeFile(path.join(folder, 'notes.txt'), 'not looked at');
  await writeFile(path.join(folder, 'c.wav'), 'this is not sound');
});
afterAll(() => rm(folder, { recursive: true }));

describe('analyze', () => {
  test.each(['1', '2'])('When ffmpeg goes away with %s jobs, then it stops and says so', async (jobs) => {
    const program = path.join(folder, `ffmpeg-${jobs}`);
    const real = process.env.FFMPEG_PATH ?? 'ffmpeg';
    const leaving = `#!/bin/sh\n[ "$1" = -version ] || rm -f "$0"\nexec ${real} "$@"\n`;
    await writeFile(program, leaving, { mode: 0o755 });
    const files = Array<string>(6).fill(path.join(fixtures, 'real-en-3s.wav'));
    const env = { ...process.env, FFMPEG_PATH: program };
    const { exit, stderr, answers } = await analyzeWith(env, '--json', '--jobs', jobs, ...files);
    expect(exit).toBe(2);
    expect(stderr).toContain(`ffmpeg cannot be used as ${program}`);
    expect(answers.filter((answer) => !answer.success)).toEqual([]);
  });

  test('When folders and files are named, then there is one line a file in input order, the bad ones too', async () => {
    const missing = path.join(folder, 'missing.flac');
    const unnamed = path.join(folder, 'voice-without-extension');
    const { exit, answers } = await analyze('--json', unnamed, folder, missing);
    expect(answers.map((answer) => answer.audio_info.file_path)).toEqual([
      unnamed,
      path.join(folder, 'a.mp3'),
      path.join(folder, 'b/inner/voice.wav'),
      path.join(folder, 'c.wav'),
      missing,
    ]);
    const codes = answers.map((answer) => (answer.success ? 'ok' : answer.error.code));
    expect(codes).toEqual(['ok', 'ok', 'ok', 'not_audio', 'not_found']);
    expect(exit).toBe(1);
  });

  test('When a clip is analysed, then the answer has the documented shape and agrees with itself', async () => {
    const file = path.join(fixtures, 'real-en-3s.wav');
    const { exit, answers } = await analyze('--json', '--profile', 'precision', file);
    expect(exit).toBe(0);
    const report = reportSchema.parse(answers[0]);
    const { classification, ensemble_result, processing_info } = report;
    expect(classification.fake_probability + classification.real_probability).toBe(100);
    expect(classification.result).toBe(classification.fake_probability > 50 ? 'fake' : 'real');
    expect(ensemble_result.verdict).toBe(classification.result === 'fake' ? 'CLONED' : 'AUTHENTIC');
    expect(ensemble_result.confidence).toBe(classification.confidence);
    expect(report.audio_info).toEqual({ duration: 3, sample_rate: 22_050, file_path: file });
    expect(processing_info.feature_count).toBe(154);
    expect(Object.keys(report.model_predictions)).toEqual(processing_info.models_available);
    expect(processing_info.models_available).toContain(processing_info.best_model_used);
    expect(report.threshold.profile).toBe('precision');
    expect(report.reasons.length).toBeGreaterThan(0);
  });

  test('When the classic ensemble is asked for, then the three original members answer', async () => {
    const { answers } = await analyze('--json', '--ensemble', 'classic', path.join(fixtures, 'fake-ja.mp3'));
    const report = reportSchema.parse(answers[0]);
    expect([...report.processing_info.models_available].sort()).toEqual(['random_forest', 'svm', 'xgboost']);
    expect(report.ensemble).toBe('classic');
  });

  test('When the two sides of a call are different voices, then each channel has its score, the worst the verdict', async () => {
    const { answers } = await analyze('--json', path.join(fixtures, 'call-two-channels.flac'));
    const report = reportSchema.parse(answers[0]);
    expect(report.channels.map(({ channel }) => channel)).toEqual([0, 1]);
    expect(report.p_fake).toBe(Math.max(...report.channels.map(({ p_fake }) => p_fake)));
  });

  test('When a voice message holds few bits a second, then its answer is inconclusive and says how many they are', async () => {
    const stored = ['12k', '48k'].map((rate) => {
      const file = path.join(folder, `message-${rate}.ogg`);
      const sound = ['-i', path.join(fixtures, 'real-en-3s.wav'), '-c:a', 'libopus', '-b:a', rate];
      execFileSync(process.env.FFMPEG_PATH ?? 'ffmpeg', ['-nostdin', '-loglevel', 'error', ...sound, file]);
      return file;
    });
    const { answers } = await analyze('--json', ...stored);
    const [few, enough] = answers.map((answer) => reportSchema.parse(answer).decision);
    expect(few.status).toBe('inconclusive');
    expect(few.reasons).toContainEqual({
      code: 'low_bit_rate',
      value: expect.closeTo(12_500, -4) as number,
      limit: 22_000,
    });
    expect(enough.reasons.map(({ code }) => code)).not.toContain('low_bit_rate');
  });

  test('When a clip is analysed, then the runtime of the models notes nothing down to tell its maker', async () => {
    const home = path.join(folder, 'home');
    await mkdir(home);
    // It keeps to itself what it is told on machines that build and test.
    const { CI: _ci, XDG_CACHE_HOME: _cache, ...env } = process.env;
    const { exit } = await analyzeWith({ ...env, HOME: home }, '--json', path.join(folder, 'a.mp3'));
    expect({ exit, noted: await readdir(home) }).toEqual({ exit: 0, noted: [] });
  });

  test('When no format is asked for, then a table goes out and the progress to the other stream', async () => {
    const { exit, stdout, stderr } = await analyze(path.join(fixtures, 'real-en-3s.wav'));
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^FILE +VERDICT +P_FAKE +DECISION/);
    expect(stdout).toMatch(/real-en-3s\.wav +(AUTHENTIC|CLONED) +\d\.\d{3} +(in)?conclusive +3\.0 s/);
    expect(stderr).toContain('1 of 1 done');
  });

  test('When npm is called in another folder, then files are meant from there, the models from the project', async () => {
    const args = ['--prefix', root, 'run', '--silent', 'analyze', '--', '--json', 'inner/voice.wav'];
    const { INIT_CWD: _called, MODELS_DIR: _models, ...env } = process.env;
    const stdout = await new Promise<string>((resolve, reject) => {
      execFile('npm', args, { cwd: path.join(folder, 'b'), env }, (error, out, err) =>
        error ? reject(new Error(err, { cause: error })) : resolve(out),
      );
    });
    expect(reportSchema.parse(JSON.parse(stdout)).audio_info.file_path).toBe('inner/voice.wav');
  });

  test('When it is used wrongly or the models cannot be, then it says so and ends with 2', async () => {
    expect(await analyze()).toMatchObject({ exit: 2, stdout: '' });
    expect((await analyze('--profile', 'strict', 'x.wav')).stderr).toMatch(/--profile must be one of recall/);
    const refused = await analyze('--json', '--models', folder, path.join(folder, 'a.mp3'));
    expect(refused).toMatchObject({ exit: 2, stdout: '' });
    expect(refused.stderr).toContain('bundle refused');
    const several = await analyze('--json', '--models', folder, '--jobs', '2', folder);
    expect(several).toMatchObject({ exit: 2, stdout: '' });
    expect((await analyze('--help')).stdout).toContain('--ensemble');
  });
});
