import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeAudio, type DecodeOptions } from '../../packages/pipeline/src';

const FFMPEG = process.env.FFMPEG_PATH ?? 'ffmpeg';
const FIXTURES = path.join(__dirname, '..', 'fixtures');
const OPTIONS: DecodeOptions = { ffmpegPath: FFMPEG, maxDurationSec: 60, timeoutSec: 30 };
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bonafide-decode-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

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

async function secondsOf(file: string, options = OPTIONS): Promise<number[]> {
  const audio = await decodeAudio(file, options);
  const lengths = new Array<number>(audio.channelCount).fill(0);
  for await (const block of audio.frames)
    block.forEach((channel, c) => (lengths[c] += channel.length / 22_050));
  return lengths;
}

test.each([
  ['real-en.wav', 9],
  ['fake-en.ogg', undefined],
  ['real-it.webm', undefined],
  ['real-fr.amr', 8.02],
  ['real-fr.m4a', undefined],
  ['real-ru.wma', undefined],
  ['real-it-video.mp4', undefined],
])('When %s is decoded, then all its sound comes out', async (name, expected) => {
  const audio = await decodeAudio(path.join(FIXTURES, name), OPTIONS);
  let count = 0;
  for await (const [first] of audio.frames) count += first.length;
  expect(audio.source.sampleRateHz).toBeGreaterThan(0);
  expect(audio.source.codec).not.toBe('unknown');
  const declared = expected ?? audio.source.declaredSec ?? 0;
  expect(Math.abs(count / 22_050 - declared)).toBeLessThan(0.25);
});

test.each([
  ['call.ogg', [], 12_000],
  ['call.webm', [], 14_000],
  // Of pictures and sound together nothing is known of the sound.
  ['call.mkv', ['-f', 'lavfi', '-i', 'color=s=16x16:r=5', '-shortest'], undefined],
])(
  'When %s holds Opus at 12 kbit/s, then its rate is told where the file tells it',
  async (name, more, rate) => {
    const args = ['-i', path.join(FIXTURES, 'real-en.wav'), ...more, '-c:a', 'libopus', '-b:a', '12k'];
    const { source, frames } = await decodeAudio(converted(name, ...args), OPTIONS);
    for await (const block of frames) expect(block).toHaveLength(1);
    expect([source.codec, source.bitRate]).toEqual(['opus', rate]);
  },
);

test.each([
  'call.sox',
  'call.sf',
  'call.nut',
  'call.wtv',
  'call.w64',
  'call.au',
  'call.tta',
  'call.wv',
  'call.caf',
])('When speech comes as %s, then all of it comes out', async (name) => {
  const [seconds] = await secondsOf(converted(name, '-i', path.join(FIXTURES, 'real-en-3s.wav')));
  expect(Math.abs(seconds - 3)).toBeLessThan(0.1);
});

test.each([
  ['call.ulaw', '-ar 8000 -f mulaw'],
  ['call.AL', '-ar 8000 -f alaw'],
  ['call.g722', '-ar 16000 -f g722'],
  ['call.g723', '-ar 8000 -c:a g723_1 -b:a 6300 -f g723_1'],
  ['call.sln', '-ar 8000 -f s16le'],
  ['call.sln16', '-ar 16000 -f s16le'],
])(
  'When a telephone system keeps bare samples as %s, then its name tells how to read them',
  async (name, how) => {
    const speech = path.join(FIXTURES, 'real-en-3s.wav');
    const stored = converted('stored', '-i', speech, '-ac', '1', ...how.split(' '));
    const [seconds] = await secondsOf(stored, { ...OPTIONS, filename: name });
    expect(Math.abs(seconds - 3)).toBeLessThan(0.1);
    await expect(secondsOf(stored, { ...OPTIONS, filename: 'call.bin' })).rejects.toThrow();
  },
);

test('When a WAV file is named as if it held bare samples, then its header is believed', async () => {
  const [seconds] = await secondsOf(path.join(FIXTURES, 'real-en-3s.wav'), {
    ...OPTIONS,
    filename: 'call.ulaw',
  });
  expect(Math.abs(seconds - 3)).toBeLessThan(0.1);
});

test.each([
  ['stereo', 2],
  ['3.0', 3],
  ['quad', 4],
  ['5.1', 6],
  ['7.1', 8],
])('When a recording has the channels of %s, then they are counted', async (layout, channels) => {
  const mix = ['-af', `aformat=channel_layouts=${layout}`];
  const file = converted(`${layout}.wav`, '-i', path.join(FIXTURES, 'real-en-3s.wav'), ...mix);
  const audio = await decodeAudio(file, OPTIONS);
  for await (const block of audio.frames) expect(block).toHaveLength(2);
  expect(audio.source.channels).toBe(channels);
});

test('When speech comes as NIST SPHERE, then all of it comes out', async () => {
  const samples = readFileSync(path.join(FIXTURES, 'real-en-3s.wav')).subarray(44);
  const fields = [
    'channel_count -i 1',
    'sample_rate -i 22050',
    'sample_n_bytes -i 2',
    'sample_byte_format -s2 01',
  ];
  const head = ['NIST_1A', '   1024', ...fields, 'sample_coding -s3 pcm', 'end_head', '']
    .join('\n')
    .padEnd(1024);
  const [seconds] = await secondsOf(made('call.sph', Buffer.concat([Buffer.from(head), samples])));
  expect(Math.abs(seconds - samples.length / 2 / 22_050)).toBeLessThan(0.01);
});

test('When a call has two channels, then both come out alike in length', async () => {
  const lengths = await secondsOf(path.join(FIXTURES, 'call-two-channels.flac'));
  expect(lengths).toHaveLength(2);
  expect(lengths[0]).toBe(lengths[1]);
});

/** As a music shop locks it (FairPlay): the sample entry has another name, and the samples are noise. */
function asBought(m4a: Buffer): Buffer {
  const locked = Buffer.from(m4a);
  locked.write('drms', locked.indexOf('mp4a'), 'latin1');
  const at = locked.indexOf('mdat');
  const end = at - 4 + locked.readUInt32BE(at - 4);
  for (let place = at + 4; place < end; place++) locked[place] ^= ((place * place * 7919) >> 5) & 0xff;
  return locked;
}

describe('When a file cannot be heard, then it says so by its code', () => {
  const flac = readFileSync(path.join(FIXTURES, 'fake-en.flac'));
  const m4a = readFileSync(path.join(FIXTURES, 'real-fr.m4a'));
  const silentVideo = (): string =>
    converted('mute.mp4', '-f', 'lavfi', '-i', 'color=size=32x32:rate=5:duration=1', '-an');

  test.each<[code: string, file: () => string]>([
    ['empty_file', () => made('empty.wav', '')],
    ['not_audio', () => made('letter.txt', 'Dear Sir or Madam,\n'.repeat(200))],
    [
      'not_audio',
      () => made('noise.mp3', Buffer.from(Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 7919) >> 5))),
    ],
    ['no_audio_track', silentVideo],
    ['truncated_audio', () => made('head.flac', flac.subarray(0, 60))],
    ['truncated_audio', () => made('no-index.m4a', m4a.subarray(0, Math.floor(m4a.length / 2)))],
    [
      'encrypted_media',
      () =>
        converted(
          'locked.mp4',
          '-i',
          path.join(FIXTURES, 'real-fr.m4a'),
          '-c',
          'copy',
          '-encryption_scheme',
          'cenc-aes-ctr',
          '-encryption_key',
          '0123456789abcdef0123456789abcdef',
          '-encryption_kid',
          '0123456789abcdef0123456789abcdef',
        ),
    ],
    ['encrypted_media', () => made('bought.m4p', asBought(m4a))],
    ['not_audio', () => made('list.m3u8', '#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n')],
    ['not_audio', () => made('list.ffconcat', "ffconcat version 1.0\nfile 'real-en.wav'\n")],
  ])('%s (%#)', async (code, file) => {
    await expect(secondsOf(file())).rejects.toMatchObject({ code, retryable: false });
  });
});

test('When a recording is longer than allowed, then it is refused', async () => {
  const file = path.join(FIXTURES, 'real-en.wav');
  await expect(secondsOf(file, { ...OPTIONS, maxDurationSec: 2 })).rejects.toMatchObject({
    code: 'audio_too_long',
  });
});

test('When decoding takes longer than allowed, then it is given up', async () => {
  const file = path.join(FIXTURES, 'real-en.wav');
  const slow = made('slow.sh', '#!/bin/sh\nexec sleep 60\n');
  execFileSync('chmod', ['+x', slow]);
  await expect(secondsOf(file, { ...OPTIONS, ffmpegPath: slow, timeoutSec: 0.2 })).rejects.toMatchObject({
    code: 'decode_timeout',
  });
});

test('When it is aborted, then the reader learns of it', async () => {
  const abort = new AbortController();
  const audio = await decodeAudio(path.join(FIXTURES, 'real-en.wav'), { ...OPTIONS, signal: abort.signal });
  abort.abort(new Error('no longer wanted'));
  const read = async (): Promise<void> => {
    for await (const block of audio.frames) expect(block).toBeDefined();
  };
  await expect(read()).rejects.toThrow('no longer wanted');
});
