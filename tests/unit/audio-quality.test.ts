import path from 'node:path';
import { decodeAudio, measureQuality, speechWindows, type Quality } from '../../packages/pipeline/src';

const RATE_HZ = 22_050;

async function qualityOf(samples: AsyncIterable<Float32Array>): Promise<Quality> {
  for await (const window of speechWindows(samples)) return measureQuality(window);
  throw new Error('No window');
}

async function* signal(sampleAt: (tSec: number) => number): AsyncIterable<Float32Array> {
  yield Float32Array.from({ length: 4 * RATE_HZ }, (_, i) => sampleAt(i / RATE_HZ));
}

async function* speech(): AsyncIterable<Float32Array> {
  const file = path.join(__dirname, '..', 'fixtures', 'real-en-3s.wav');
  const ffmpegPath = process.env.FFMPEG_PATH ?? 'ffmpeg';
  const { frames } = await decodeAudio(file, { ffmpegPath, maxDurationSec: 60, timeoutSec: 30 });
  for await (const [first] of frames) yield first;
}

const chord = (t: number): number =>
  0.1 *
  (0.7 + 0.3 * Math.sin(12 * t)) *
  [220, 277, 440, 660].reduce((sum, hz) => sum + Math.sin(2 * Math.PI * hz * t), 0);

test('When held chords sound, then the music score is high, and for speech it is low', async () => {
  expect((await qualityOf(signal(chord))).musicScore).toBeGreaterThan(0.8);
  expect((await qualityOf(speech())).musicScore).toBeLessThan(0.3);
});

test('When speech was recorded at 16 kHz, then its bandwidth is found', async () => {
  const { bandwidthHz } = await qualityOf(speech());
  expect(bandwidthHz).toBeGreaterThan(6000);
  expect(bandwidthHz).toBeLessThan(9300);
});

test('When noise is added, then the signal-to-noise ratio falls', async () => {
  async function* noisy(): AsyncIterable<Float32Array> {
    let state = 1;
    for await (const block of speech()) {
      yield block.map((x) => {
        state = (Math.imul(1664525, state) + 1013904223) >>> 0;
        return x + 0.05 * (state / 2 ** 32 - 0.5);
      });
    }
  }
  const [clean, dirty] = [await qualityOf(speech()), await qualityOf(noisy())];
  expect(dirty.snrDb).toBeLessThan(clean.snrDb - 6);
});
