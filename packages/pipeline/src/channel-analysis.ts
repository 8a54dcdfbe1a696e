import type { Ensemble, Manifest, Quality } from '@bonafide/contracts';
import { ownTurn } from './signal/own-turn';
import { measureQuality, type Quality as WindowQuality } from './audio/quality';
import { resample } from './audio/resample';
import { speechWindows, type Window } from './audio/windows';
import { clipQuality, createLevelMeter } from './clip-quality';
import { type AnalysedWindow, type ClipScore, scoreClip } from './clip-score';
import { createDistance } from './ensemble/distance';
import { MIN_SPEECH_RATIO } from './ensemble/decision';
import { ownLogit } from './ensemble/fusion';
import { logit, sigmoid } from './ensemble/logit';
import { labelOf } from './ensemble/segments';
import { createSpeakerMeasure } from './ensemble/speakers';
import { createVoicedShare } from './ensemble/voicing';
import type { Extractor } from './features/extractor';
import type { LoadedMembers } from './inference/members';
import { createLocalScores, type LocalScores } from './local-scores';
import { createSecondLook } from './second-look';
import { createWindowScorer } from './window-scores';
import { WindowRows } from './window-rows';

/** What is loaded once and serves every clip. */
export type Engine = {
  manifest: Manifest;
  members: LoadedMembers;
  /** The manifest's features in order, then those of SPEAKER_FEATURES and VOICED_FEATURE that are not among them. */
  extractor: Extractor;
};

export type ChannelAnalysis = {
  channel: number;
  score: ClipScore;
  quality: Quality;
  speakerChange: number;
  /** Share of voiced frames among those of speech, 0..1. */
  voicedShare: number;
  /** Features of the window that stands for the clip; none where nobody speaks. */
  tellingRow: Float32Array | undefined;
};

export type ChannelOptions = {
  channel: number;
  ensemble: Ensemble;
  signal?: AbortSignal;
  onWindow(endSec: number): void;
  /** The manifest's features of each window with speech. */
  onRow?: (row: Float32Array) => void;
  betweenWindows?: () => Promise<void>;
};

/** Rows kept to choose the telling one from, and to compare voices. */
const MAX_ROWS = 256;

/** One channel from its samples to its score. The event loop gets a turn between the steps of each window. */
export async function analyseChannel(
  engine: Engine,
  frames: AsyncIterable<Float32Array>,
  options: ChannelOptions,
): Promise<ChannelAnalysis> {
  const { manifest, extractor } = engine;
  const featureCount = manifest.features.length;
  const measuring = createMeasuring(engine, options);
  const meter = createLevelMeter();
  for await (const window of speechWindows(meter.through(frames), specOf(manifest))) {
    options.signal?.throwIfAborted();
    await measuring.add(window);
    options.onWindow(window.endSec);
    await options.betweenWindows?.();
  }
  const { windows, qualities, rows, local } = await measuring.end();
  const score = await scoreClip(windows, manifest, options.ensemble, local.stretches());
  const kept = rows.all().map(({ row }) => row);
  return {
    channel: options.channel,
    score,
    quality: clipQuality(qualities, windows, meter.levelDbfs()),
    speakerChange: createSpeakerMeasure(extractor.names)(kept),
    voicedShare: createVoicedShare(extractor.names)(kept),
    tellingRow: tellingRow(rows, windows, score, manifest.ensembles[options.ensemble])?.slice(
      0,
      featureCount,
    ),
  };
}

type Measured = {
  windows: AnalysedWindow[];
  qualities: WindowQuality[];
  rows: WindowRows;
  local: LocalScores;
};

/** Takes the windows one by one: features, distance, quality, the members' scores. */
function createMeasuring(engine: Engine, { ensemble, onRow }: ChannelOptions) {
  const { manifest, members, extractor } = engine;
  const featureCount = manifest.features.length;
  const distanceOf = createDistance(manifest);
  const scorer = createWindowScorer(members, new Set(manifest.ensembles[ensemble].fusion.members));
  const local = createLocalScores(manifest);
  const measured: Measured = { windows: [], qualities: [], rows: new WindowRows(MAX_ROWS), local };
  const again = createSecondLook(engine, ensemble);
  /** What the models' thread has yet to say of the windows so far; it ends in their order. */
  let hearing: Promise<void> = Promise.resolve();

  return {
    /** The window is heard while it is measured, and while the next one comes. */
    async add(window: Window): Promise<void> {
      const { startSec, endSec, speechRatio, samples } = window;
      const analysed: AnalysedWindow = { startSec, endSec, speechRatio, logits: null, distance: 0 };
      measured.windows.push(analysed);
      if (samples.length === 0) {
        await hearing;
        return local.add(window, []);
      }
      const before = hearing;
      const waveformAt = (rateHz: number) => resample(samples, manifest.sample_rate, rateHz);
      const heard = before.then(() => scorer.hear(waveformAt));
      heard.catch(() => undefined); // Told below, where it is waited for.
      await ownTurn();
      const row = extractor.extract(samples);
      measured.rows.add(measured.windows.length - 1, row);
      const seen = row.slice(0, featureCount);
      analysed.distance = distanceOf(seen);
      onRow?.(seen);
      again.add(analysed, samples);
      await ownTurn();
      measured.qualities.push(measureQuality(window));
      await before;
      hearing = heard.then(async (said) => {
        local.add(window, said.stretches);
        await scorer.add(seen, said, (logits) => (analysed.logits = logits));
      });
      hearing.catch(() => undefined);
    },
    async end(): Promise<Measured> {
      await again.measure();
      await hearing;
      await scorer.flush();
      await again.score();
      return measured;
    },
  };
}

function specOf(manifest: Manifest) {
  return {
    rateHz: manifest.sample_rate,
    windowSec: manifest.window_sec,
    hopSec: manifest.hop_sec,
    leastSpeechRatio: MIN_SPEECH_RATIO,
  };
}

/** Of the kept windows on the result's side, the one whose score is nearest to the clip's. */
function tellingRow(
  rows: WindowRows,
  windows: readonly AnalysedWindow[],
  score: ClipScore,
  ensemble: Manifest['ensembles'][Ensemble],
): Float32Array | undefined {
  const target = logit(score.pFake);
  const ranked = rows.all().flatMap(({ windowIndex, row }) => {
    const { logits } = windows[windowIndex];
    if (logits === null) return [];
    const own = ownLogit(logits, ensemble);
    const otherSide = labelOf(sigmoid(own)) !== labelOf(score.pFake);
    return [{ row, otherSide: Number(otherSide), gap: Math.abs(own - target) }];
  });
  return ranked.sort((a, b) => a.otherSide - b.otherSide || a.gap - b.gap)[0]?.row;
}
