import { LEVEL_FRAME_SAMPLES, SPEECH_RANGE_DB, createHighPass, levelDbfs, referenceDbfs } from './level';

/** 25 ms of the clip between its first and its last sound. */
export interface SoundFrame {
  readonly samples: Float32Array;
  readonly isSpeech: boolean;
  /** Samples at full scale before any filter. */
  readonly clippedCount: number;
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
const LEAST_LEVEL_DBFS = -70;
const FULL_SCALE = 0.985;
/** Of a long silence within the clip only both ends are kept; zeros stand for the rest, so memory stays flat. */
const KEPT_GAP_SEC = 5;

interface LevelledFrame extends SoundFrame {
  readonly levelDb: number;
}

const SILENT_FRAME: SoundFrame = {
  samples: new Float32Array(LEVEL_FRAME_SAMPLES),
  isSpeech: false,
  clippedCount: 0,
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

/** Splits a stream into whole frames and measures them. */
function createFramer(rateHz: number): {
  push(samples: Float32Array): Iterable<LevelledFrame>;
  finish(): Iterable<LevelledFrame>;
} {
  const highPass = createHighPass(rateHz);
  let samples = new Float32Array(LEVEL_FRAME_SAMPLES);
  let [filled, clippedCount] = [0, 0];
  function frame(): LevelledFrame {
    const whole = samples.subarray(0, filled);
    const levelled = { samples: whole, isSpeech: false, clippedCount, levelDb: levelDbfs(whole, 0, filled) };
    samples = new Float32Array(LEVEL_FRAME_SAMPLES);
    [filled, clippedCount] = [0, 0];
    return levelled;
  }
  return {
    *push(block) {
      const filtered = highPass(block);
      for (let i = 0; i < block.length; i++) {
        if (Math.abs(block[i]) >= FULL_SCALE) clippedCount++;
        samples[filled++] = filtered[i];
        if (filled === LEVEL_FRAME_SAMPLES) yield frame();
      }
    },
    *finish() {
      if (filled > 0) yield frame();
    },
  };
}

/**
 * Cuts leading and trailing silence of a stream. Speech is what lies within SPEECH_RANGE_DB of the 95th
 * percentile of frame levels in a look-ahead of up to 30 s, which begins at the first frame above -70 dBFS.
 */
export function createTrimmer(rateHz: number): Trimmer {
  const framer = createFramer(rateHz);
  const lookAheadFrames = Math.round((LOOK_AHEAD_SEC * rateHz) / LEVEL_FRAME_SAMPLES);
  const gap = createGap(Math.ceil((KEPT_GAP_SEC * rateHz) / LEVEL_FRAME_SAMPLES));
  let ahead: LevelledFrame[] = [];
  let thresholdDb = Number.NaN;
  let [seenSamples, start] = [0, -1];

  function* judge(frame: LevelledFrame): Iterable<SoundFrame> {
    const isSpeech = frame.levelDb > thresholdDb;
    const judged = { samples: frame.samples, isSpeech, clippedCount: frame.clippedCount };
    if (isSpeech) {
      if (start < 0) start = seenSamples;
      yield* gap.release();
      yield judged;
    } else if (start >= 0) gap.add(judged);
    seenSamples += frame.samples.length;
  }

  function* decide(): Iterable<SoundFrame> {
    if (ahead.length === 0) return;
    thresholdDb = referenceDbfs(ahead.map(({ levelDb }) => levelDb)) - SPEECH_RANGE_DB;
    const frames = ahead;
    ahead = [];
    for (const frame of frames) yield* judge(frame);
  }

  function* take(frame: LevelledFrame): Iterable<SoundFrame> {
    if (!Number.isNaN(thresholdDb)) yield* judge(frame);
    else if (ahead.length > 0 || frame.levelDb > LEAST_LEVEL_DBFS) {
      ahead.push(frame);
      if (ahead.length >= lookAheadFrames) yield* decide();
    } else seenSamples += frame.samples.length;
  }

  return {
    *push(samples) {
      for (const frame of framer.push(samples)) yield* take(frame);
    },
    *finish() {
      for (const frame of framer.finish()) yield* take(frame);
      yield* decide();
    },
    startSample: () => start,
  };
}
