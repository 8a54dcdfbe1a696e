import type { Quality } from '@bonafide/contracts';
import type { SourceFacts } from './audio/decode-report';
import { type Quality as WindowQuality, summarizeQuality } from './audio/quality';
import type { AnalysedWindow } from './clip-score';
import { slotsOf } from './ensemble/timeline';

/** Adds up the power of a stream that passes through it. */
export type LevelMeter = {
  through(frames: AsyncIterable<Float32Array>): AsyncIterable<Float32Array>;
  /** Root mean square of all samples, dB below full scale; at least -120. */
  levelDbfs(): number;
};

const QUIETEST_DBFS = -120;

export function createLevelMeter(): LevelMeter {
  let power = 0;
  let count = 0;
  return {
    async *through(frames) {
      for await (const block of frames) {
        power += powerOf(block);
        count += block.length;
        yield block;
      }
    },
    levelDbfs: () => Math.max(QUIETEST_DBFS, 10 * Math.log10(power / Math.max(1, count) + 1e-12)),
  };
}

/** Apart from the generator, in which the sum would be allocated anew at each sample. */
function powerOf(block: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < block.length; i++) sum += block[i] * block[i];
  return sum;
}

/** What the report says about the recording itself. */
export function clipQuality(
  measured: readonly WindowQuality[],
  windows: readonly AnalysedWindow[],
  levelDbfs: number,
): Quality {
  const { bandwidthHz, snrDb, clippingRatio, musicScore } =
    measured.length > 0
      ? summarizeQuality(measured)
      : { bandwidthHz: 0, snrDb: 0, clippingRatio: 0, musicScore: 0 };
  let speechSec = 0;
  for (const { startSec, endSec, speechRatio } of slotsOf(
    windows.map((window) => ({ ...window, logit: null })),
  )) {
    speechSec += (endSec - startSec) * speechRatio;
  }
  const rounded = (value: number, decimals: number) => Number(value.toFixed(decimals));
  return {
    bandwidth_hz: Math.round(bandwidthHz),
    snr_db: rounded(snrDb, 1),
    clipping: rounded(clippingRatio, 5),
    speech_sec: rounded(speechSec, 2),
    music: rounded(musicScore, 3),
    level_dbfs: rounded(levelDbfs, 1),
  };
}

/** A resampler's slope lies above what a file of a low rate can hold: it is no bandwidth. */
export function withinSource(quality: Quality, { sampleRateHz }: Pick<SourceFacts, 'sampleRateHz'>): Quality {
  if (sampleRateHz <= 0) return quality;
  return { ...quality, bandwidth_hz: Math.min(quality.bandwidth_hz, Math.floor(sampleRateHz / 2)) };
}
