import path from 'node:path';
import { createExtractor, decodeAudio, FEATURES, WINDOW_SPEC } from '../../packages/pipeline/src';
import { createHighPass, trimAndLevel } from '../../packages/pipeline/src/audio/level';
import rows from './fixtures/features-golden.json';

const FIXTURES = path.join(__dirname, '../fixtures');
/**
 * The first window of each, from the sample where its sound was found to begin, was measured by the first, plain
 * implementation: one row each, in the table's order.
 */
const CLIPS = [
  ['fake-en.wav', 6930],
  ['real-it.flac', 0],
  ['partly-fake-en.flac', 0],
  ['real-en.wav', 0],
] as const;
/** Of a feature's spread over the clips: what models could notice is a hundred times as much. */
const TOLERANCE = 1e-4;

const extractor = createExtractor(FEATURES.map(({ name }) => name));

async function rowFrom(clip: string, start: number): Promise<Float32Array> {
  const options = { ffmpegPath: process.env.FFMPEG_PATH ?? 'ffmpeg', maxDurationSec: 60, timeoutSec: 30 };
  const { frames } = await decodeAudio(path.join(FIXTURES, clip), options);
  const { rateHz, windowSec, levelDbfs } = WINDOW_SPEC;
  const highPass = createHighPass(rateHz);
  const heard: number[] = [];
  for await (const [first] of frames) heard.push(...highPass(first));
  const window = Float32Array.from(heard.slice(start, start + rateHz * windowSec));
  return extractor.extract(trimAndLevel(window, levelDbfs).samples);
}

test.each(CLIPS.map(([clip, start], index) => [clip, start, index] as const))(
  'When %s is measured from sample %d on, then every feature is what it has always been',
  async (clip, start, index) => {
    const row = await rowFrom(clip, start);
    const moved = FEATURES.flatMap(({ name }, i) => {
      const column = rows.map((values) => values[i]);
      const spread = Math.max(...column) - Math.min(...column) + 1e-6;
      return Math.abs(row[i] - rows[index][i]) <= TOLERANCE * spread ? [] : [name];
    });
    expect(moved).toEqual([]);
  },
);
