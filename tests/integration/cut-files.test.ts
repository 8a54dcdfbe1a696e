import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fixture, startClassicSystem, temporaryFolder, type System } from '../system';

let system: System;
jest.setTimeout(120_000);

beforeAll(async () => {
  system = await startClassicSystem({ store: 'folder' });
}, 120_000);
afterAll(() => system?.stop());

const converted = (name: string, ...options: string[]): Promise<Buffer> =>
  made(name, ['-i', fixture('fake-en.wav'), ...options]);

async function made(name: string, args: readonly string[]): Promise<Buffer> {
  const path = join(await temporaryFolder(), name);
  const program = process.env.FFMPEG_PATH ?? 'ffmpeg';
  await promisify(execFile)(program, ['-v', 'error', '-nostdin', ...args, path]);
  return readFile(path);
}

async function judged(content: Buffer, filename: string) {
  const { id } = await system.client.submit({ content: new Blob([new Uint8Array(content)]), filename });
  return system.client.wait(id, { timeoutSec: 60 });
}

/** As a copy that was broken off leaves it; an even number of bytes, so that no sample is halved. */
const cut = (content: Buffer) => content.subarray(0, 2 * Math.floor(content.length * 0.3));

test.each([
  ['call.wav', []],
  ['call.mp3', ['-b:a', '64k']],
  ['call.m4a', ['-movflags', '+faststart']],
  ['call.flac', []],
  ['call.webm', ['-c:a', 'libopus']],
])('When %s lacks its end, then what is there is judged, and the result says so', async (name, options) => {
  const whole = await converted(name, ...options);
  const { result } = await judged(cut(whole), name);
  const [warning] = result?.warning_codes ?? [];
  expect(warning).toMatchObject({ code: 'file_truncated' });
  const { stated_sec, decoded_sec } = warning as { stated_sec: number; decoded_sec: number };
  expect(Math.abs(stated_sec - 11.85)).toBeLessThan(0.2);
  expect(Math.abs(decoded_sec - (result?.audio_info.duration ?? 0))).toBeLessThan(0.1);
  expect(decoded_sec).toBeLessThan(9);
  expect(result?.warnings).toHaveLength(1);
  expect(result?.warnings[0]).toContain('breaks off');
  expect((await judged(whole, name)).result?.warnings).toEqual([]);
});

test.each([
  ['call.w64', []],
  ['call.voc', []],
  ['film.mkv', ['-f', 'lavfi', '-i', 'color=size=32x32:rate=5:duration=16']],
])(
  'When %s lacks its end and does not say how long it was, then there is a warning',
  async (name, options) => {
    const { result } = await judged(cut(await converted(name, ...options)), name);
    expect(result?.warning_codes).toEqual([{ code: 'file_damaged' }]);
  },
);

test('When a WAV was written by what could not know its length, then it lacks nothing', async () => {
  const whole = await converted('call.wav');
  const dataAt = whole.indexOf('data') + 4;
  for (const stated of [0xffff_ffff, 0x7fff_ffff, 0x7fff_f000]) {
    const piped = Buffer.from(whole);
    piped.writeUInt32LE(stated, dataAt);
    expect((await judged(piped, 'piped.wav')).result?.warnings).toEqual([]);
  }
});

test.each(['real-it-video.mp4', 'real-fr.amr', 'real-ru.wma', 'real-it.webm', 'fake-en.ogg', 'fake-ja.mp3'])(
  'When %s is whole, then there is no warning',
  async (name) => {
    expect((await judged(await readFile(fixture(name)), name)).result?.warnings).toEqual([]);
  },
);

test('When a telephone system kept bare samples, then the name of the file tells how to hear them', async () => {
  const call = await converted('call.ulaw', '-ar', '8000', '-f', 'mulaw');
  expect(await judged(call, 'call.bin')).toMatchObject({ status: 'failed', error: { code: 'not_audio' } });
  expect(await judged(call, 'call.ulaw')).toMatchObject({ status: 'succeeded', result: { warnings: [] } });
});

test('When the end of its index is what an m4a lacks, then nothing can be heard, and its error says why', async () => {
  const moovLast = await converted('call.m4a');
  expect(await judged(cut(moovLast), 'call.m4a')).toMatchObject({
    status: 'failed',
    error: { code: 'truncated_audio' },
  });
});

test.each([
  ['call.m4a', ['-movflags', '+faststart'], 232],
  ['call.aiff', [], 40],
  ['call.caf', [], 60],
  ['call.wma', [], 500],
  ['call.wma', [], 300],
  ['call.mp3', ['-b:a', '64k'], 300],
  ['call.mp3', ['-b:a', '64k', '-id3v2_version', '0', '-write_xing', '0'], 150],
  ['call.mp3', ['-b:a', '64k', '-id3v2_version', '3', '-metadata', 'title=call'], 40],
])('When %s breaks off within its header, then its error says so', async (name, options, bytes) => {
  const head = (await converted(name, ...options)).subarray(0, bytes);
  expect(await judged(head, name)).toMatchObject({ status: 'failed', error: { code: 'truncated_audio' } });
});

test.each([
  ['words behind a tag', ['ID3', '\x04\0\0\0\0\0\x05', 'title', 'and words, no sound']],
  ['words that open as a frame of another layer does', ['\xff\xfeh\0i\0']],
])('When %s are handed over, then they are not called sound that breaks off', async (_, words) => {
  const letter = Buffer.from(words.join(''), 'latin1');
  expect(await judged(letter, 'letter.mp3')).toMatchObject({ error: { code: 'not_audio' } });
});

/** Of 144 bytes each, as the layer has them at 16 kHz and 16 kbit/s, with a KiB of something else after each. */
test('When bytes hold frames of MP3 that nothing connects, as programs do, then they are no recording', async () => {
  const whole = await converted(
    'call.mp3',
    '-ar',
    '16000',
    '-b:a',
    '32k',
    '-write_xing',
    '0',
    '-id3v2_version',
    '0',
  );
  const program = Buffer.alloc(300 * 1200, 'no sound at all ');
  for (let at = 0; at < 300; at++) whole.copy(program, at * 1200, (at % 80) * 144, ((at % 80) + 1) * 144);
  expect(await judged(program, 'program.mp3')).toMatchObject({ error: { code: 'not_audio' } });
});

test.each([
  ['of an unknown codec', 'fmt ', 8, 0x9999],
  ['without channels', 'fmt ', 10, 0],
])('When a whole WAV is %s, then it is not called cut', async (_, chunk, offset, value) => {
  const whole = await converted('call.wav');
  whole.writeUInt16LE(value, whole.indexOf(chunk) + offset);
  expect(await judged(whole, 'call.wav')).toMatchObject({
    status: 'failed',
    error: { code: 'decode_failed' },
  });
});

test.each([
  ['call.opus', ['-c:a', 'libopus']],
  ['call.ogg', ['-c:a', 'libvorbis']],
])('When %s lacks its end, then it is said that not all was heard', async (name, options) => {
  const whole = await converted(name, ...options);
  expect((await judged(cut(whole), name)).result?.warning_codes).toEqual([{ code: 'file_damaged' }]);
  expect((await judged(whole, name)).result?.warning_codes).toEqual([]);
});

/** Twenty bytes of its middle third turned round. */
const spoilt = (content: Buffer) =>
  Buffer.from(content.map((byte, at) => (isHit(at, content.length) ? ~byte : byte)));
const isHit = (at: number, length: number) =>
  at > length / 3 && at < (2 * length) / 3 && at % Math.floor(length / 60) === 0;

test.each([
  ['call.wv', []],
  ['call.ac3', []],
  ['call.mka', ['-c:a', 'flac']],
])('When %s is damaged in its middle, then it is said that not all was heard', async (name, options) => {
  const whole = await converted(name, ...options);
  expect((await judged(spoilt(whole), name)).result?.warning_codes).toEqual([{ code: 'file_damaged' }]);
  expect((await judged(whole, name)).result?.warning_codes).toEqual([]);
});

test('When an Ogg file goes on as another kind of sound, then it is said that not all was heard', async () => {
  const first = await converted('first.ogg', '-ac', '1', '-ar', '44100');
  const second = await converted('second.ogg', '-ac', '2', '-ar', '22050');
  const { result } = await judged(Buffer.concat([first, second]), 'chain.ogg');
  expect(result?.warning_codes).toMatchObject([{ code: 'file_damaged' }]);
});

test('When a recording has six channels, then it is said that they were mixed', async () => {
  const surround = await converted('call.flac', '-af', 'aformat=channel_layouts=5.1');
  const { result } = await judged(surround, 'call.flac');
  expect(result?.warning_codes).toEqual([{ code: 'channels_mixed', channels: 6 }]);
});

test('When a file has several sound tracks, then the default one is judged, and it is said that there are others', async () => {
  const [real, cloned] = [fixture('real-en.wav'), fixture('fake-en.wav')];
  const tracks = ['-i', real, '-i', cloned, '-map', '0:a', '-map', '1:a', '-c:a', 'flac'];
  for (const [heard, other, verdict] of [
    [0, 1, 'AUTHENTIC'],
    [1, 0, 'CLONED'],
  ] as const) {
    const marks = [`-disposition:a:${other}`, '0', `-disposition:a:${heard}`, 'default'];
    const { result } = await judged(await made('tracks.mka', [...tracks, ...marks]), 'tracks.mka');
    expect(result?.ensemble_result.verdict).toBe(verdict);
    expect(result?.warning_codes).toEqual([{ code: 'other_tracks', tracks: 2 }]);
  }
});
