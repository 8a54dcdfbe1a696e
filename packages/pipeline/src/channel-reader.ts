import { ChannelStreams } from './audio/channel-streams';
import type { DecodedAudio } from './audio/decode';
import type { SourceFacts } from './audio/decode-report';

/** Blocks of the second channel are kept up to this length while it is not known whether it is heard. */
const KEEP_SEC = 60;
/** Channels whose difference is this much weaker than themselves hold the same sound (-40 dB). */
const SAME_SOUND_RATIO = 1e-4;

/** Hands out the channels of one file side by side, in flat memory. */
export type ChannelReader = {
  channelCount: number;
  source: SourceFacts;
  /** Real decoded length; known once the first channel has been read to its end. */
  durationSec(): number;
  /** Length that the container declares, where it does. */
  declaredSec: number | undefined;
  /** Length of the sound that the file states, where it does and that says more than its size. */
  promisedSec: number | undefined;
  /** Whether parts of the file could not be decoded; known once the first channel has been read. */
  isDamaged(): boolean;
  readFirst(): AsyncIterable<Float32Array>;
  /**
   * Answers as soon as the second channel is found to hold a sound of its own, for it to be read beside
   * the first; at the end of the file with undefined where it does not.
   */
  second: Promise<AsyncIterable<Float32Array> | undefined>;
  /** Whether the second channel holds a sound of its own, taken over the whole file. */
  differs(): boolean;
};

/**
 * @param decode opens the file; called again only where the channels part later than KEEP_SEC
 * @param sampleRateHz of the decoded blocks
 */
export async function openChannels(
  decode: () => Promise<DecodedAudio>,
  sampleRateHz: number,
): Promise<ChannelReader> {
  const opened = await decode();
  const { channelCount, frames, source, promisedSec, progress } = opened;
  const seen = { frames: 0, energy: 0, difference: 0 };
  const streams = new ChannelStreams(watched(frames, seen), channelCount);
  const differs = (): boolean => seen.difference > SAME_SOUND_RATIO * seen.energy;
  let answer: (second: AsyncIterable<Float32Array> | undefined) => void = () => undefined;
  const second = new Promise<AsyncIterable<Float32Array> | undefined>((resolve) => (answer = resolve));
  let isKept = channelCount === 2;
  if (isKept) streams.keep(1);

  async function* readFirst(): AsyncIterable<Float32Array> {
    let isAnswered = channelCount === 1;
    try {
      for await (const block of streams.read(0)) {
        if (isKept && !isAnswered && differs()) {
          isAnswered = true;
          answer(streams.read(1));
        } else if (isKept && !isAnswered && seen.frames > KEEP_SEC * sampleRateHz) {
          isKept = false;
          streams.drop(1);
        }
        yield block;
      }
    } finally {
      if (!isAnswered) streams.drop(1);
      answer(!isAnswered && !isKept && differs() ? secondOf(decode) : undefined);
    }
  }

  return {
    channelCount,
    source,
    declaredSec: source.declaredSec,
    promisedSec,
    isDamaged: () => progress.isDamaged,
    durationSec: () => seen.frames / sampleRateHz,
    differs,
    readFirst,
    second,
  };
}

async function* secondOf(decode: () => Promise<DecodedAudio>): AsyncIterable<Float32Array> {
  for await (const block of (await decode()).frames) yield block[1];
}

type Seen = { frames: number; energy: number; difference: number };

async function* watched(blocks: AsyncIterable<Float32Array[]>, seen: Seen): AsyncGenerator<Float32Array[]> {
  for await (const block of blocks) {
    compare(block, seen);
    yield block;
  }
}

function compare([first, second]: readonly Float32Array[], seen: Seen): void {
  seen.frames += first.length;
  if (second === undefined) return;
  let [energy, difference] = [0, 0];
  for (let i = 0; i < first.length; i++) {
    const gap = first[i] - second[i];
    energy += first[i] * first[i] + second[i] * second[i];
    difference += gap * gap;
  }
  seen.energy += energy;
  seen.difference += difference;
}
