import { MediaError } from '@bonafide/contracts';
import { LEVEL_FRAME_SAMPLES, trimAndLevel } from './level';
import { ownTurn } from './own-turn';
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
  /** Laid over the same sound besides, where it is longer than one window. */
  readonly short?: ShortWindowSpec;
}

export type ShortWindowSpec = Pick<WindowSpec, 'windowSec' | 'hopSec' | 'leastSpeechRatio'>;

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
  readonly scale: 'long' | 'short';
  readonly startSec: number;
  readonly endSec: number;
  /** High-passed, without silence at its ends, speech at -23 dBFS; empty where there is too little speech. */
  readonly samples: Float32Array;
  /** Share of 25 ms frames that are speech, 0..1. */
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

/** Windows of one length and how far they have been laid, in sound time. */
interface Lay {
  readonly scale: Window['scale'];
  readonly windowSamples: number;
  readonly hopSamples: number;
  readonly leastSpeechRatio: number;
  nextStart: number;
  coveredTo: number;
}

function layOf(scale: Window['scale'], spec: ShortWindowSpec, rateHz: number): Lay {
  return {
    scale,
    windowSamples: Math.round(spec.windowSec * rateHz),
    hopSamples: Math.round(spec.hopSec * rateHz),
    leastSpeechRatio: spec.leastSpeechRatio,
    nextStart: 0,
    coveredTo: 0,
  };
}

type Place = { start: number; end: number; clipStart: number };

function cut(held: Held, place: Place, { scale, leastSpeechRatio }: Lay, spec: WindowSpec): Window {
  const [low, high] = [place.start - held.from, place.end - held.from];
  const frames = held.speech.slice(
    Math.floor(low / LEVEL_FRAME_SAMPLES),
    Math.ceil(high / LEVEL_FRAME_SAMPLES),
  );
  const speechRatio = frames.filter(Boolean).length / Math.max(1, frames.length);
  let clipped = 0;
  for (let i = low; i < high; i++) if (Math.abs(held.samples[i]) >= FULL_SCALE) clipped++;
  const hasSpeech = speechRatio >= leastSpeechRatio;
  return {
    scale,
    startSec: (place.clipStart + place.start) / spec.rateHz,
    endSec: (place.clipStart + place.end) / spec.rateHz,
    samples: hasSpeech ? trimAndLevel(held.samples.subarray(low, high), spec.levelDbfs) : new Float32Array(0),
    speechRatio,
    clippingRatio: clipped / (high - low),
  };
}

/**
 * Lays windows over the sound of one channel as it streams in. They begin every hop; a remainder of at
 * least `leastSec` after the last whole one gets a window that ends with the sound; sound shorter than
 * a window is one window of its own length. Short windows follow the long one that ends beside them.
 */
export function createWindower(changes: Partial<WindowSpec> = {}): Windower {
  const spec = { ...WINDOW_SPEC, ...changes };
  const trimmer = createTrimmer(spec.rateHz);
  const long = layOf('long', spec, spec.rateHz);
  const short = spec.short && layOf('short', spec.short, spec.rateHz);
  const leastSamples = Math.round(spec.leastSec * spec.rateHz);
  const held: Held = { samples: new Float32Array(3 * long.windowSamples), from: 0, count: 0, speech: [] };

  function windowAt(lay: Lay, start: number, end: number): Window {
    lay.coveredTo = end;
    return cut(held, { start, end, clipStart: trimmer.startSample() }, lay, spec);
  }

  function* due(lay: Lay, end: number): Iterable<Window> {
    while (end - lay.nextStart >= lay.windowSamples) {
      yield windowAt(lay, lay.nextStart, lay.nextStart + lay.windowSamples);
      lay.nextStart += lay.hopSamples;
    }
  }

  function* rest(lay: Lay, end: number): Iterable<Window> {
    if (end - lay.coveredTo >= leastSamples) yield windowAt(lay, end - lay.windowSamples, end);
  }

  function* place(frames: Iterable<SoundFrame>): Iterable<Window> {
    for (const frame of frames) {
      append(held, frame);
      const end = held.from + held.count;
      yield* due(long, end);
      if (short && long.coveredTo > 0) yield* due(short, end);
      forget(held, Math.min(long.nextStart, end - long.windowSamples - LEVEL_FRAME_SAMPLES));
    }
  }

  return {
    *push(samples) {
      yield* place(trimmer.push(samples));
    },
    *finish() {
      yield* place(trimmer.finish());
      const end = held.from + held.count;
      if (end === 0) throw new MediaError('silent_audio');
      if (end < leastSamples) throw new MediaError('audio_too_short');
      if (long.coveredTo === 0) {
        yield windowAt(long, 0, end);
        return;
      }
      yield* rest(long, end);
      if (short) yield* rest(short, end);
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
