import { MediaError } from '@bonafide/contracts';
import type { DecodedAudio } from '../../packages/pipeline/src/audio/decode';
import { openChannels } from '../../packages/pipeline/src/channel-reader';

const RATE_HZ = 100;

/** A file of one-second blocks: `second` says what the other channel holds in second t of 1. */
function fileOf(durationSec: number, second: (t: number) => number, fault?: Error) {
  const opened: number[] = [];
  const decode = async (): Promise<DecodedAudio> => {
    opened.push(0);
    async function* frames() {
      for (let t = 0; t < durationSec; t++) {
        yield [new Float32Array(RATE_HZ).fill(1), new Float32Array(RATE_HZ).fill(second(t))];
      }
      if (fault) throw fault;
    }
    const source = { format: 'wav', codec: 'pcm_s16le', sampleRateHz: RATE_HZ, channels: 2, tracks: 1 };
    return { channelCount: 2, source, frames: frames(), progress: { decodedSec: 0, isDamaged: false } };
  };
  return { decode, timesOpened: () => opened.length };
}

async function levelsOf(frames: AsyncIterable<Float32Array>): Promise<number[]> {
  const levels: number[] = [];
  for await (const [level] of frames) levels.push(level);
  return levels;
}

async function readBoth(decode: () => Promise<DecodedAudio>) {
  const reader = await openChannels(decode, RATE_HZ);
  const [first, second] = await Promise.all([
    levelsOf(reader.readFirst()),
    reader.second.then((frames) => frames && levelsOf(frames)),
  ]);
  return { first, second, differs: reader.differs(), durationSec: reader.durationSec() };
}

describe('the channels of a file', () => {
  test('When both hold sounds of their own, then both are read whole from one decoding', async () => {
    const file = fileOf(200, (t) => (t < 3 ? 1 : t));
    const { first, second, durationSec } = await readBoth(file.decode);
    expect(first).toHaveLength(200);
    expect(second).toEqual(Array.from({ length: 200 }, (_, t) => (t < 3 ? 1 : t)));
    expect(durationSec).toBe(200);
    expect(file.timesOpened()).toBe(1);
  });

  test('When both hold the same sound, then only the first is read', async () => {
    const file = fileOf(90, () => 1);
    expect(await readBoth(file.decode)).toMatchObject({ second: undefined, differs: false });
    expect(file.timesOpened()).toBe(1);
  });

  test('When they part late in a long file, then the second is still read from its beginning', async () => {
    const file = fileOf(90, (t) => (t < 80 ? 1 : 0));
    const { second } = await readBoth(file.decode);
    expect(second).toEqual(Array.from({ length: 90 }, (_, t) => (t < 80 ? 1 : 0)));
    expect(file.timesOpened()).toBe(2);
  });

  test('When the decoding fails, then it fails for both', async () => {
    const file = fileOf(20, (t) => t, new MediaError('audio_too_long'));
    const reader = await openChannels(file.decode, RATE_HZ);
    const outcomes = await Promise.allSettled([
      levelsOf(reader.readFirst()),
      reader.second.then((frames) => levelsOf(frames!)),
    ]);
    const failed = { status: 'rejected', reason: { code: 'audio_too_long' } };
    expect(outcomes).toMatchObject([failed, failed]);
  });

  test('When one reader gives up, then the other goes on to the end', async () => {
    const reader = await openChannels(fileOf(30, (t) => t).decode, RATE_HZ);
    const stopEarly = async () => {
      for await (const block of reader.readFirst()) if (block[0] === 1) return;
    };
    const second = reader.second.then((frames) => levelsOf(frames!));
    await stopEarly();
    expect(await second).toHaveLength(30);
  });
});
