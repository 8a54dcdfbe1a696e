import path from 'node:path';
import { createExtractor, decodeAudio, FEATURES, speechWindows } from '../../packages/pipeline/src';
import rows from './fixtures/features-golden.json';

const FIXTURES = path.join(__dirname, '../fixtures');
/** The first window of each was measured by the first, plain implementation: one row each, in the table's order. */
const CLIPS = ['fake-en.wav', 'real-it.flac', 'partly-fake-en.flac', 'real-en.wav'];
/** Of a feature's spread over the clips: what models could notice is a hundred times as much. */
const TOLERANCE = 1e-4;

const extractor = createExtractor(FEATURES.map(({ name }) => name));

async function firstRow(clip: string): Promise<Float32Array> {
  const options = { ffmpegPath: process.env.FFMPEG_PATH ?? 'ffmpeg', maxDurationSec: 60, timeoutSec: 30 };
  const { frames } = await decodeAudio(path.join(FIXTURES, clip), options);
  async function* channel() {
    for await (const [first] of frames) yield first;
  }
  for await (const { samples } of speechWindows(channel())) return extractor.extract(samples);
  throw new Error('no window');
}

test.each(CLIPS.map((clip, index) => [clip, index] as const))(
  'When %s is measured, then every feature is what it has always been',
  async (clip, index) => {
    const row = await firstRow(clip);
    const moved = FEATURES.flatMap(({ name }, i) => {
      const column = rows.map((values) => values[i]);
      const spread = Math.max(...column) - Math.min(...column) + 1e-6;
      return Math.abs(row[i] - rows[index][i]) <= TOLERANCE * spread ? [] : [name];
    });
    expect(moved).toEqual([]);
  },
);
