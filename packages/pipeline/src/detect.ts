import type { Ensemble, Manifest, Profile, Report } from '@bonafide/contracts';
import { MediaError } from '@bonafide/contracts';
import { decodeAudio } from './audio/decode';
import { DECODE_RATE_HZ } from './audio/ffmpeg-command';
import { checkDecoder } from './audio/ffmpeg-process';
import { analyseChannel, type ChannelAnalysis, type Engine } from './channel-analysis';
import { type ChannelReader, openChannels } from './channel-reader';
import { withinSource } from './clip-quality';
import { decide } from './ensemble/decision';
import { labelOf } from './ensemble/segments';
import { SPEAKER_FEATURES } from './ensemble/speakers';
import { VOICED_FEATURE } from './ensemble/voicing';
import { createExtractor } from './features/extractor';
import { FEATURE_VERSION, FEATURES } from './features/table';
import { readBundle } from './inference/bundle';
import { openMembers } from './inference/members';
import { checkParity } from './inference/parity';
import { tryMembers } from './inference/trial';
import type { Observer } from './observer';
import { checkFusedParity } from './fused-parity';
import { createExplainer, type Explainer } from './reasons';
import { buildReport, type ToldWarning } from './report';
import { warmUp } from './warm-up';
import { warningsOf } from './warnings';
import { worstChannel } from './worst-channel';

/** `totalSec` is what the container declares, absent where it declares nothing. */
export type Progress = { processedSec: number; totalSec: number | undefined };

export type DetectOptions = {
  /** The name that the client gave; the report repeats it. */
  filename: string;
  profile?: Profile;
  /** Default: what the bundle says. */
  ensemble?: Ensemble;
  maxDurationSec?: number;
  timeoutSec?: number;
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** Awaited between windows: where an analysis in bulk gives way to one that somebody waits for. */
  betweenWindows?: () => Promise<void>;
  observer?: Observer;
};

export type Detector = {
  manifest: Manifest;
  /** SHA-256 of the manifest: what tells bundles of one name apart. */
  digest: string;
  /** @throws MediaError where the clip is at fault; the signal's reason where it was aborted */
  detect(path: string, options: DetectOptions): Promise<Report>;
  close(): Promise<void>;
};

export type DetectorSource = {
  /** A bundle's folder or a folder of bundles. */
  modelsDir: string;
  /** The program to decode with. */
  ffmpegPath?: string;
  /** Windows of noise to measure first: with none, the first clips take longer than those behind them. */
  warmUpRounds?: number;
};

type LoadedEngine = Engine & { explain: Explainer; ffmpegPath: string };

const DEFAULT_MAX_DURATION_SEC = 4 * 3600;
const DEFAULT_TIMEOUT_SEC = 600;

/**
 * Loads the bundle, verifies it, opens its models and has them answer (its parity samples, too). Has ffmpeg say its
 * version.
 *
 * @throws BundleError, DecoderError
 */
export async function loadDetector(from: DetectorSource): Promise<Detector> {
  const ffmpegPath = from.ffmpegPath ?? 'ffmpeg';
  const features = new Set(FEATURES.map((feature) => feature.name));
  const program = { features, featureVersion: FEATURE_VERSION, sampleRateHz: DECODE_RATE_HZ };
  const [bundle] = await Promise.all([readBundle(from.modelsDir, program), checkDecoder(ffmpegPath)]);
  const { manifest } = bundle;
  const members = await openMembers(bundle);
  try {
    await tryMembers(manifest, members);
    await checkParity(manifest, members);
    checkFusedParity(manifest);
    const extractor = createExtractor([
      ...new Set([...manifest.features.map(({ name }) => name), ...SPEAKER_FEATURES, VOICED_FEATURE]),
    ]);
    const explain = await createExplainer(manifest, members);
    const engine = { manifest, members, extractor, explain, ffmpegPath };
    await warmUp(engine, from.warmUpRounds ?? 0);
    return {
      manifest,
      digest: bundle.digest,
      detect: (path, options) => detect(engine, path, options),
      close: () => members.close(),
    };
  } catch (error) {
    await members.close();
    throw error;
  }
}

/** Clip path in, report out: decode, then each channel through windows, features and members, then fusion. */
async function detect(engine: LoadedEngine, path: string, options: DetectOptions): Promise<Report> {
  const startedMs = performance.now();
  const { manifest } = engine;
  const profile = options.profile ?? 'balanced';
  const ensemble = options.ensemble ?? manifest.default_ensemble;
  const reader = await openChannels(
    () =>
      decodeAudio(path, {
        ffmpegPath: engine.ffmpegPath,
        filename: options.filename,
        maxDurationSec: options.maxDurationSec ?? DEFAULT_MAX_DURATION_SEC,
        timeoutSec: options.timeoutSec ?? DEFAULT_TIMEOUT_SEC,
        signal: options.signal,
      }),
    manifest.sample_rate,
  );
  const { analyses, warnings } = await analyseChannels(engine, reader, { ...options, ensemble });
  const { score, speakerChange, voicedShare, ...worst } = worstChannel(analyses);
  const quality = withinSource(worst.quality, reader.source);
  const decision = decide(
    {
      ...{ ...score, threshold: manifest.thresholds[profile] },
      ...{ quality, source: reader.source, speakerChange, voicedShare },
    },
    manifest.limits,
  );
  const telling = worst.tellingRow;
  const explained = { result: labelOf(score.pFake), ensemble, bandwidthHz: quality.bandwidth_hz };
  const reasons = telling ? await engine.explain({ row: telling, ...explained }) : [];
  const report = buildReport({
    manifest,
    filename: options.filename,
    profile,
    ensemble,
    score,
    decision,
    channels: analyses.map((analysis) => ({ channel: analysis.channel, p_fake: analysis.score.pFake })),
    reasons,
    quality,
    warnings,
    durationSec: reader.durationSec(),
    processingSec: (performance.now() - startedMs) / 1000,
  });
  const { members: scores, disagreement, distance } = score;
  options.observer?.clip({ source: reader.source, members: scores, disagreement, distance, report });
  return report;
}

type Analyses = { analyses: ChannelAnalysis[]; warnings: ToldWarning[] };

/**
 * Every channel that holds a sound of its own, side by side. A channel at fault (silent, too short) is left
 * out with a warning as long as another one can be analysed.
 */
async function analyseChannels(
  engine: Engine,
  reader: ChannelReader,
  options: DetectOptions & { ensemble: Ensemble },
): Promise<Analyses> {
  const { ensemble, onProgress, betweenWindows, observer } = options;
  const onRow = observer && ((row: Float32Array) => observer.window(row));
  // What fails for one channel for any other reason than its sound ends the analysis of both.
  const failed = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
  let processedSec = 0;
  const onWindow = (endSec: number) => {
    processedSec = Math.max(processedSec, endSec);
    onProgress?.({ processedSec, totalSec: reader.declaredSec });
  };
  const analyse = async (channel: number, frames: AsyncIterable<Float32Array>) => {
    try {
      return await analyseChannel(engine, frames, {
        ...{ channel, ensemble, signal, onWindow, betweenWindows, onRow },
      });
    } catch (error) {
      if (error instanceof MediaError && reader.channelCount > 1) return { channel, fault: error };
      failed.abort(error);
      throw error;
    }
  };
  const [first, second] = await Promise.all([
    analyse(0, reader.readFirst()),
    reader.second.then((frames) => frames && analyse(1, frames)),
  ]);
  return settle([first, ...(second && reader.differs() ? [second] : [])], reader);
}

type Outcome = ChannelAnalysis | { channel: number; fault: MediaError };

function settle(outcomes: readonly Outcome[], reader: ChannelReader): Analyses {
  const analyses = outcomes.flatMap((outcome) => ('fault' in outcome ? [] : [outcome]));
  const faults = outcomes.flatMap((outcome) => ('fault' in outcome ? [outcome] : []));
  if (analyses.length === 0) throw faults[0].fault;
  const warnings = faults.map(({ channel, fault }): ToldWarning => ({
    text: `Channel ${channel + 1} was left out: ${fault.message}`,
    warning: { code: 'channel_left_out', channel, cause: fault.code },
  }));
  return {
    analyses,
    warnings: [...warnings, ...warningsOf(reader)],
  };
}
