import { MediaError } from '@bonafide/contracts';
import { LEVEL_FRAME_SAMPLES, trimAndLevel } from './level';
import { ownTurn } from '../signal/own-turn';
import { createTrimmer, type SoundFrame } from './trim';

export interface WindowSpec {
  readonly rateHz: number;
  readonly windowSec: number;
  readonly hopSec: number;
  /** Less sound than this is too short; a remainder shorter than this is left out. */
  readonly leastSec: number;
  readonly levelDbfs: number;
  /** Windows with a smaller share of speech carry no samples. */
  readonly leastSpeechRatio: number;
}

export const WINDOW_SPEC: WindowSpec = {
  rateHz: 22_050,
  windowSec: 4,
  hopSec: 2,
  leastSec: 0.5,
  levelDbfs: -23,
  leastSpeechRatio: 0.1,
};

/** Near enough to 1: the high-pass tilts a flat top a little. */
const FULL_SCALE = 0.97;

/** A stretch of the clip, in clip time. */
export interface Window {
  readonly startSec: number;
  readonly endSec: number;
  /** High-passed, without silence at its ends, speech at -23 dBFS; empty where there is too little speech. */
  readonly samples: Float32Array;
  /** Clip time of the first sample. */
  readonly soundStartSec: number;
  /** Whether each frame of 25 ms from `startSec` on is speech. */
  readonly speech: readonly boolean[];
  /** Share of them that are, 0..1. */
  readonly speechRatio: number;
  /** Share of samples at full scale, 0..1. */
  readonly clippingRatio: number;
}

export interface Windower {
  push(samples: Float32Array): Iterable<Window>;
  /** The remaining windows; throws silent_audio or audio_too_short where there were none. */
  finish(): Iterable<Window>;
}

/** The stretch of sound that windows may still need, with its frames' marks. */
interface Held {
  samples: Float32Array;
  /** Sound time of samples[0], a whole number of frames. */
  from: number;
  count: number;
  /** Whether each of its frames is speech. */
  speech: boolean[];
}

function append(held: Held, frame: SoundFrame): void {
  held.samples.set(frame.samples, held.count);
  held.count += frame.samples.length;
  held.speech.push(frame.isSpeech);
}

/** Forgets whole frames before sound time `keepFrom` once they fill half the room. */
function forget(held: Held, keepFrom: number): void {
  const frames = Math.floor((keepFrom - held.from) / LEVEL_FRAME_SAMPLES);
  const samples = frames * LEVEL_FRAME_SAMPLES;
  if (samples < held.samples.length / 2) return;
  held.samples.copyWithin(0, samples, held.count);
  held.speech.splice(0, frames);
  held.from += samples;
  held.count -= samples;
}

/** Share of frames that are speech, 0..1. */
export function shareOf(speech: readonly boolean[]): number {
  return speech.filter(Boolean).length / Math.max(1, speech.length);
}

type Place = { start: number; end: number; clipStart: number };

function cut(held: Held, place: Place, spec: WindowSpec): Window {
  const [low, high] = [place.start - held.from, place.end - held.from];
  const speech = held.speech.slice(
    Math.floor(low / LEVEL_FRAME_SAMPLES),
    Math.ceil(high / LEVEL_FRAME_SAMPLES),
  );
  const speechRatio = shareOf(speech);
  let clipped = 0;
  for (let i = low; i < high; i++) if (Math.abs(held.samples[i]) >= FULL_SCALE) clipped++;
  const sound = held.samples.subarray(low, speechRatio >= spec.leastSpeechRatio ? high : low);
  const { samples, skipped } = trimAndLevel(sound, spec.levelDbfs);
  return {
    startSec: (place.clipStart + place.start) / spec.rateHz,
    endSec: (place.clipStart + place.end) / spec.rateHz,
    samples,
    soundStartSec: (place.clipStart + place.start + skipped) / spec.rateHz,
    speech,
    speechRatio,
    clippingRatio: clipped / (high - low),
  };
}

/**
 * Lays windows over the sound of one channel as it streams in. They begin every hop; a remainder of at
 * least `leastSec` after the last whole one gets a window that ends with the sound; sound shorter than
 * a window is one window of its own length.
 */
export function createWindower(changes: Partial<WindowSpec> = {}): Windower {
  const spec = { ...WINDOW_SPEC, ...changes };
  const trimmer = createTrimmer(spec.rateHz);
  const samplesOf = (sec: number) => Math.round(sec * spec.rateHz);
  const [windowSamples, hopSamples, leastSamples] = [
    samplesOf(spec.windowSec),
    samplesOf(spec.hopSec),
    samplesOf(spec.leastSec),
  ];
  const held: Held = { samples: new Float32Array(3 * windowSamples), from: 0, count: 0, speech: [] };
  let [received, nextStart, coveredTo] = [0, 0, 0];

  function windowAt(start: number, end: number): Window {
    coveredTo = end;
    return cut(held, { start, end, clipStart: trimmer.startSample() }, spec);
  }

  function* place(frames: Iterable<SoundFrame>): Iterable<Window> {
    for (const frame of frames) {
      append(held, frame);
      const end = held.from + held.count;
      while (end - nextStart >= windowSamples) {
        yield windowAt(nextStart, nextStart + windowSamples);
        nextStart += hopSamples;
      }
      forget(held, Math.min(nextStart, end - windowSamples - LEVEL_FRAME_SAMPLES));
    }
  }

  return {
    *push(samples) {
      received += samples.length;
      yield* place(trimmer.push(samples));
    },
    *finish() {
      yield* place(trimmer.finish());
      const end = held.from + held.count;
      // Where a recording is shorter than the least there is, whether it is silent was never asked.
      if (end === 0 && received >= leastSamples) throw new MediaError('silent_audio');
      if (end < leastSamples) throw new MediaError('audio_too_short');
      if (coveredTo === 0) yield windowAt(0, end);
      else if (end - coveredTo >= leastSamples) yield windowAt(end - windowSamples, end);
    },
  };
}

/** Windows of one channel's stream; lets the event loop turn after each. Throws silent_audio, audio_too_short. */
export async function* speechWindows(
  frames: AsyncIterable<Float32Array>,
  changes: Partial<WindowSpec> = {},
): AsyncGenerator<Window> {
  const windower = createWindower(changes);
  for await (const block of frames) {
    await ownTurn();
    for (const window of windower.push(block)) {
      yield window;
      await ownTurn();
    }
  }
  for (const window of windower.finish()) {
    yield window;
    await ownTurn();
  }
}
