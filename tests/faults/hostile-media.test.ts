import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeAudio, loadDetector, type DecodeOptions, type Detector } from '@bonafide/pipeline';
import { MediaError, reportSchema } from '@bonafide/contracts';
import { LEAN_PROCESS } from '@bonafide/platform';
import { commandLines, fixture, programOf, ROOT, startChild, until } from '../system';
import { floatWav, soundWithTrap, tricks, wav } from './hostile-files';
import { scaled } from './scale';

const FFMPEG = process.env.FFMPEG_PATH ?? 'ffmpeg';
const OPTIONS: DecodeOptions = { ffmpegPath: FFMPEG, maxDurationSec: 4 * 3600, timeoutSec: 60 };
let folder: string;
let detector: Detector;
let server: Server;
let address: string;
let visits = 0;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bonafide-hostile-'));
  detector = await loadDetector({
    modelsDir: process.env.MODELS_DIR ?? path.join(ROOT, 'models'),
    ffmpegPath: FFMPEG,
  });
  server = createServer((socket) => {
    visits++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await detector.close();
  server.close();
  rmSync(folder, { recursive: true });
});

function made(name: string, content: Buffer | string): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

function converted(name: string, ...args: string[]): string {
  const file = path.join(folder, name);
  execFileSync(FFMPEG, ['-nostdin', '-loglevel', 'error', '-y', ...args, file]);
  return file;
}

/** What becomes of a file: the code of its refusal, or its report. */
async function outcomeOf(file: string): Promise<string> {
  try {
    const options = { filename: path.basename(file), maxDurationSec: 4 * 3600, timeoutSec: 60 };
    return reportSchema.parse(await detector.detect(file, options)).decision.status;
  } catch (error) {
    if (error instanceof MediaError) return error.code;
    throw error;
  }
}

describe('When a file names other places', () => {
  test('then it is refused, and nobody is asked and nothing read', async () => {
    const codes: Record<string, string> = {};
    for (const [name, content] of tricks(address)) codes[name] = await outcomeOf(made(name, content));
    expect(Object.entries(codes).filter(([, code]) => code !== 'not_audio')).toEqual([]);
    expect(visits).toBe(0);
  });

  test('then sound beside it is still heard, and nobody is asked', async () => {
    for (const [name, content] of soundWithTrap(address)) {
      const audio = await decodeAudio(made(name, content), OPTIONS);
      let seconds = 0;
      for await (const [first] of audio.frames) seconds += first.length / 22_050;
      expect(seconds).toBeGreaterThan(0.5);
    }
    expect(visits).toBe(0);
  });

  test('then the listener would have noticed', async () => {
    connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    await until('the visit is noticed', () => visits === 1);
  });
});

describe('When a file writes or spends more than it may', () => {
  test('then a program in place of the decoder can neither write a file nor see our environment', async () => {
    const target = path.join(folder, 'written');
    const script = made('evil.sh', `#!/bin/sh\nenv >&2\necho x > ${target}\nexec true\n`);
    execFileSync('chmod', ['+x', script]);
    process.env.BONAFIDE_CANARY = 'a-secret-of-ours';
    await expect(
      decodeAudio(fixture('real-en-3s.wav'), { ...OPTIONS, ffmpegPath: script }),
    ).rejects.toMatchObject({
      code: 'decode_failed',
    });
    expect(readFileSync(target, 'utf8')).toBe('');
  });

  test('then what it starts ends with it', async () => {
    // So long a sleep nobody else on this machine has.
    const nap = `sleep 300.${process.pid}`;
    const script = made('parent.sh', `#!/bin/sh\n${nap} &\necho "grandchild $!" >&2\nwait\n`);
    execFileSync('chmod', ['+x', script]);
    const options = { ...OPTIONS, ffmpegPath: script, timeoutSec: 0.3 };
    await expect(decodeAudio(fixture('real-en-3s.wav'), options)).rejects.toMatchObject({
      code: 'decode_timeout',
    });
    expect(commandLines().filter((line) => line.includes(nap))).toEqual([]);
  });

  test('then a decoder that spins is ended by the limit on processor time', async () => {
    const script = made('spin.sh', '#!/bin/sh\nwhile :; do :; done\n');
    execFileSync('chmod', ['+x', script]);
    const options = { ...OPTIONS, ffmpegPath: script, timeoutSec: 0.5 };
    await expect(decodeAudio(fixture('real-en-3s.wav'), options)).rejects.toMatchObject({
      code: 'decode_timeout',
    });
  });
});

describe('When samples are odd, then the answer is a report or a code', () => {
  const SEC = 16_000;
  const voice = (scale: (value: number, i: number) => number): Float32Array => {
    const raw = readFileSync(fixture('real-en-3s.wav')).subarray(44);
    const ints = new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + 2 * SEC * 3));
    return Float32Array.from(ints, (value, i) => scale(value / 32_768, i));
  };

  test.each<[string, () => Buffer, RegExp]>([
    ['only NaN', () => floatWav(new Float32Array(2 * SEC).fill(NaN)), /^silent_audio$/],
    ['NaN here and there', () => floatWav(voice((v, i) => (i % 997 === 0 ? NaN : v))), /conclusive/],
    ['infinities', () => floatWav(voice((v, i) => (i % 997 === 0 ? -Infinity : v))), /conclusive/],
    ['only denormals', () => floatWav(new Float32Array(2 * SEC).fill(1e-41)), /^silent_audio$/],
    ['the largest floats', () => floatWav(voice((v) => v * 3e38)), /conclusive|silent_audio|decode_failed/],
    ['floats scaled as integers', () => floatWav(voice((v) => v * 32_768)), /conclusive/],
    [
      'a constant',
      () => floatWav(new Float32Array(2 * SEC).fill(0.5)),
      /^(silent_audio|no_speech|audio_too_short|conclusive|inconclusive)$/,
    ],
    ['one sample', () => floatWav(Float32Array.of(0.5)), /^(audio_too_short|silent_audio|truncated_audio)$/],
    [
      'no sample',
      () => floatWav(new Float32Array(0)),
      /^(truncated_audio|not_audio|decode_failed|silent_audio)$/,
    ],
    [
      'a rate of 1 Hz',
      () => wav({ rateHz: 1, channels: 1, format: 'int16' }, Buffer.alloc(4000, 7)),
      /^sample_rate_too_low$/,
    ],
    [
      '255 channels',
      () => wav({ rateHz: 8000, channels: 255, format: 'int16' }, Buffer.alloc(510 * 8000, 3)),
      /^\w+$/,
    ],
  ])('%s', async (name, content, expected) => {
    expect(await outcomeOf(made(`${name}.wav`, content()))).toMatch(expected);
  });

  test.each<[string, string[]]>([
    ['8 channels', ['-i', fixture('real-en.wav'), '-ac', '8']],
    ['768 kHz', ['-i', fixture('real-en-3s.wav'), '-ar', '768000']],
    ['8 channels at 768 kHz', ['-i', fixture('real-en-3s.wav'), '-ac', '8', '-ar', '768000']],
  ])('%s', async (name, args) => {
    expect(await outcomeOf(converted(`${name}.wav`, ...args, '-c:a', 'pcm_s16le'))).toMatch(/conclusive/);
  });
});

test('When hours of silence are sent, then they are called silent, and little memory is used', async () => {
  const silence = ['-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono', '-t', String(scaled(3600, 3.9 * 3600))];
  const file = converted('silence.flac', ...silence);
  // As `npm run analyze` starts it.
  const { execArgv, env: lean } = LEAN_PROCESS;
  const command = [...execArgv, ...programOf('cli', 'analyze'), '--json', file];
  const child = startChild(process.execPath, command, { ...lean, ...process.env });
  let [peakKib, hasEnded] = [0, false];
  void child.exited.then(() => (hasEnded = true));
  const ended = (): boolean => {
    peakKib = Math.max(peakKib, rssOf(child.pid));
    return hasEnded;
  };
  await until('the command has ended', ended, 120);
  expect(child.output()).toContain('"silent_audio"');
  expect(peakKib).toBeLessThan(300_000);
});

test('When the same bad file comes again under a name that says something else, then it is refused alike', async () => {
  const bytes = readFileSync(fixture('real-ru.mp3')).subarray(0, 300);
  const first = await outcomeOf(made('cut.mp3', bytes));
  expect(first).toMatch(/^(truncated_audio|not_audio|decode_failed)$/);
  expect(await outcomeOf(made('encrypted moov atom not found.mp3', bytes))).toBe(first);
});

function rssOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
