import type { DecodedAudio } from './audio/decode';

/** Decoded blocks of the later channels are kept up to this length, so that short clips are decoded once. */
const KEEP_SEC = 60;
/** Channels whose difference is this much weaker than themselves hold the same sound (-40 dB). */
const SAME_SOUND_RATIO = 1e-4;

/** Hands out the channels of one file one after another, in flat memory. */
export type ChannelReader = {
  channelCount: number;
  /** Real decoded length; known once the first channel has been read to its end. */
  durationSec(): number;
  /** Length that the container declares, where it does. */
  declaredSec: number | undefined;
  /** Whether parts of the file could not be decoded; known once the first channel has been read. */
  isDamaged(): boolean;
  /** Whether the second channel holds a sound of its own; known once the first has been read. */
  differs(): boolean;
  read(channel: number): AsyncIterable<Float32Array>;
};

/**
 * @param decode opens the file; called again for the second channel of a long clip
 * @param sampleRateHz of the decoded blocks
 */
export async function openChannels(
  decode: () => Promise<DecodedAudio>,
  sampleRateHz: number,
): Promise<ChannelReader> {
  const opened = await decode();
  let frameCount = 0;
  let energy = 0;
  let difference = 0;
  let kept: Float32Array[] | undefined = [];

  async function* readFirst(): AsyncIterable<Float32Array> {
    for await (const [first, second] of opened.frames) {
      frameCount += first.length;
      if (second) {
        for (let i = 0; i < first.length; i++) {
          energy += first[i] * first[i] + second[i] * second[i];
          difference += (first[i] - second[i]) ** 2;
        }
        if (frameCount > KEEP_SEC * sampleRateHz) kept = undefined;
        kept?.push(second);
      }
      yield first;
    }
  }

  async function* readLater(channel: number): AsyncIterable<Float32Array> {
    if (kept) {
      yield* kept;
      return;
    }
    const { frames } = await decode();
    for await (const block of frames) yield block[channel];
  }

  return {
    channelCount: opened.channelCount,
    declaredSec: opened.source.declaredSec,
    isDamaged: () => opened.progress.isDamaged,
    durationSec: () => frameCount / sampleRateHz,
    differs: () => difference > SAME_SOUND_RATIO * energy,
    read: (channel) => (channel === 0 ? readFirst() : readLater(channel)),
  };
}
