import { LEVEL_FRAME_SAMPLES, SPEECH_RANGE_DB, createHighPass, levelDbfs, referenceDbfs } from './level';

/** 25 ms of the clip between its first and its last sound. */
export interface SoundFrame {
  readonly samples: Float32Array;
  readonly isSpeech: boolean;
}

export interface Trimmer {
  /** Takes the next samples of one channel; answers the frames that are now known to lie within the sound. */
  push(samples: Float32Array): Iterable<SoundFrame>;
  /** To be called once at the end. What was withheld after the last sound is dropped. */
  finish(): Iterable<SoundFrame>;
  /** Clip time of the first frame answered, in samples; -1 before. */
  startSample(): number;
}

const LOOK_AHEAD_SEC = 30;
/** Where nothing is louder, nothing is there to be analysed. */
const LEAST_SOUND_DBFS = -70;
/** Below lies digital silence; what is louder may be the beginning of speech, however quiet the recording. */
const LEAST_LEVEL_DBFS = -120;
const ONSET_BLOCK_SAMPLES = 22;
/** Of the loudest sample: the first one so loud is the same however much silence lies before it, and at any gain. */
const LOUD_SHARE = 0.1;
/** Of a long silence within the clip only both ends are kept; zeros stand for the rest, so memory stays flat. */
const KEPT_GAP_SEC = 5;

const SILENT_FRAME: SoundFrame = {
  samples: new Float32Array(LEVEL_FRAME_SAMPLES),
  isSpeech: false,
};

/** Withholds silence until sound follows. */
function createGap(keptFrames: number): { add(frame: SoundFrame): void; release(): Iterable<SoundFrame> } {
  let head: SoundFrame[] = [];
  let tail: SoundFrame[] = [];
  let skipped = 0;
  return {
    add(frame) {
      if (head.length < keptFrames) head.push(frame);
      else {
        tail.push(frame);
        if (tail.length > 2 * keptFrames) {
          skipped += tail.length - keptFrames;
          tail = tail.slice(-keptFrames);
        }
      }
    },
    *release() {
      const [before, between, after] = [head, skipped, tail];
      [head, tail, skipped] = [[], [], 0];
      yield* before;
      for (let i = 0; i < between; i++) yield SILENT_FRAME;
      yield* after;
    },
  };
}

/** Cuts a growing stretch of samples into frames of 25 ms. */
function createFramer(): {
  add(samples: Float32Array): void;
  frames(): Iterable<Float32Array>;
  rest(): Float32Array;
} {
  let held = new Float32Array(0);
  return {
    add(samples) {
      held = joined([held, samples]);
    },
    *frames() {
      const whole = held;
      const count = Math.floor(whole.length / LEVEL_FRAME_SAMPLES);
      held = whole.slice(count * LEVEL_FRAME_SAMPLES);
      for (let f = 0; f < count; f++)
        yield whole.subarray(f * LEVEL_FRAME_SAMPLES, (f + 1) * LEVEL_FRAME_SAMPLES);
    },
    rest() {
      const left = held;
      held = new Float32Array(0);
      return left;
    },
  };
}

function joined(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Frames that lie on the sound itself, not on where its recording begins: the first may reach before it. */
interface Grid {
  /** Where its first frame begins, in samples: 0 or less. */
  readonly from: number;
  readonly levelsDb: readonly number[];
}

/** What lies before the first sample counts as silence. A remainder behind the last whole frame is left out. */
function gridOn(samples: Float32Array): Grid {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const loud = samples.findIndex((sample) => Math.abs(sample) >= LOUD_SHARE * peak);
  const from = (loud % LEVEL_FRAME_SAMPLES) - LEVEL_FRAME_SAMPLES;
  const count = Math.floor((samples.length - from) / LEVEL_FRAME_SAMPLES);
  const padded = joined([new Float32Array(-from), samples]);
  const levelOf = (f: number) => levelDbfs(padded, f * LEVEL_FRAME_SAMPLES, (f + 1) * LEVEL_FRAME_SAMPLES);
  return { from, levelsDb: Array.from({ length: count }, (_, f) => levelOf(f)) };
}

/**
 * The sample at which sound sets in: the first one above the threshold of the first millisecond that is. Silence
 * before it must not move the frames after it.
 */
function findOnset(samples: Float32Array, { from, levelsDb }: Grid, thresholdDb: number): number {
  const first = levelsDb.findIndex((level) => level > thresholdDb);
  if (first < 0) return samples.length;
  const startOf = (frame: number) => Math.max(0, from + frame * LEVEL_FRAME_SAMPLES);
  const to = Math.min(samples.length, startOf(first + 1));
  for (let i = startOf(first - 1); i + ONSET_BLOCK_SAMPLES <= to; i++) {
    if (levelDbfs(samples, i, i + ONSET_BLOCK_SAMPLES) <= thresholdDb) continue;
    while (levelDbfs(samples, i, i + 1) <= thresholdDb) i++;
    return i;
  }
  return startOf(first);
}

/** Where sound sets in and above which level it is speech; undefined where all the frames are silence. */
function findSound(samples: Float32Array): { onset: number; thresholdDb: number } | undefined {
  const grid = gridOn(samples);
  if (Math.max(...grid.levelsDb) <= LEAST_SOUND_DBFS) return undefined;
  const thresholdDb = referenceDbfs(grid.levelsDb) - SPEECH_RANGE_DB;
  return { onset: findOnset(samples, grid, thresholdDb), thresholdDb };
}

/**
 * Cuts leading and trailing silence of a stream. Speech is what lies within SPEECH_RANGE_DB of the 95th
 * percentile of frame levels in a look-ahead of up to 30 s, which begins at the first frame above -120 dBFS; a
 * look-ahead with nothing above -70 dBFS is silence too.
 */
export function createTrimmer(rateHz: number): Trimmer {
  const [highPass, framer] = [createHighPass(rateHz), createFramer()];
  const lookAheadFrames = Math.round((LOOK_AHEAD_SEC * rateHz) / LEVEL_FRAME_SAMPLES);
  const gap = createGap(Math.ceil((KEPT_GAP_SEC * rateHz) / LEVEL_FRAME_SAMPLES));
  let ahead: Float32Array[] = [];
  let [before, start, thresholdDb] = [0, -1, Number.NaN];

  function* judge(samples: Float32Array): Iterable<SoundFrame> {
    const isSpeech = levelDbfs(samples, 0, samples.length) > thresholdDb;
    if (!isSpeech) gap.add({ samples, isSpeech });
    else {
      yield* gap.release();
      yield { samples, isSpeech };
    }
  }

  /** Sets the threshold by what lies ahead and begins anew at the onset of the sound, or behind the silence. */
  function* decide(): Iterable<SoundFrame> {
    const samples = joined([...ahead, framer.rest()]);
    const sound = findSound(samples);
    const onset = sound?.onset ?? ahead.length * LEVEL_FRAME_SAMPLES;
    [ahead, before] = [[], before + onset];
    framer.add(samples.subarray(onset));
    if (sound) [start, thresholdDb] = [before, sound.thresholdDb];
    for (const frame of framer.frames()) yield* take(frame);
  }

  function* take(frame: Float32Array): Iterable<SoundFrame> {
    if (start >= 0) yield* judge(frame);
    else if (ahead.length > 0 || levelDbfs(frame, 0, frame.length) > LEAST_LEVEL_DBFS) ahead.push(frame);
    else before += frame.length;
  }

  /** Frame by frame until it is decided: how the stream comes in blocks must not show in what is decided. */
  function* seek(sound: Float32Array): Iterable<SoundFrame> {
    let from = 0;
    for (; start < 0 && from < sound.length; from += LEVEL_FRAME_SAMPLES) {
      framer.add(sound.subarray(from, from + LEVEL_FRAME_SAMPLES));
      for (const frame of framer.frames()) yield* take(frame);
      if (start < 0 && ahead.length >= lookAheadFrames) yield* decide();
    }
    framer.add(sound.subarray(from));
  }

  return {
    *push(samples) {
      yield* seek(highPass(samples));
      for (const frame of framer.frames()) yield* take(frame);
    },
    *finish() {
      if (start < 0 && ahead.length > 0) yield* decide();
      const rest = framer.rest();
      if (start >= 0 && rest.length > 0) yield* judge(rest);
    },
    startSample: () => start,
  };
}
