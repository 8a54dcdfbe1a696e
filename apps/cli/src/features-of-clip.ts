import { type Augmentation, CodedError } from '@bonafide/contracts';
import {
  ANALYSIS_RATE_HZ,
  createExtractor,
  decodeAudio,
  featureRows,
  holdFew,
  measureQuality,
  openEncoder,
  resample,
  speechWindows,
} from '@bonafide/pipeline';

export interface ListedClip {
  readonly id: string;
  readonly path: string;
  /** Whether its windows are measured as the setup's `augmentation` says, besides. */
  readonly copies?: boolean;
}

export interface WindowFeatures {
  readonly startSec: number;
  readonly endSec: number;
  readonly speechRatio: number;
  readonly quality: Readonly<Record<string, number>>;
  readonly features: Float32Array;
  /** The same at other speeds; none where the window is not measured so. */
  copies: readonly Float32Array[];
  readonly embedding?: Float32Array;
}

export interface ClipFeatures {
  readonly id: string;
  readonly windows: readonly WindowFeatures[];
  readonly error?: { readonly code: string; readonly message: string };
}

export interface FeaturesSetup {
  readonly names: readonly string[];
  readonly augmentation: Augmentation | undefined;
  readonly encoderPath: string | undefined;
  readonly ffmpegPath: string;
}

const MAX_DURATION_SEC = 4 * 3600;
const TIMEOUT_SEC = 300;
const ENCODER_RATE_HZ = 16_000;

/** Blocks of about a second over which the louder channel is chosen. */
const CHOICE_BLOCKS = 30;

function energyOf(blocks: readonly Float32Array[][], channel: number): number {
  return blocks.reduce((sum, block) => sum + block[channel].reduce((part, x) => part + x * x, 0), 0);
}

/** One channel of a clip: the louder one, since the other may be empty. */
async function* louderChannel(frames: AsyncIterable<Float32Array[]>): AsyncIterable<Float32Array> {
  let ahead: Float32Array[][] | undefined = [];
  let channel = 0;
  const choose = function* (blocks: readonly Float32Array[][]): Iterable<Float32Array> {
    if (blocks.length > 0 && blocks[0].length > 1 && energyOf(blocks, 1) > energyOf(blocks, 0)) channel = 1;
    for (const block of blocks) yield block[channel];
  };
  for await (const block of frames) {
    if (ahead === undefined) yield block[channel];
    else if (ahead.push(block) === CHOICE_BLOCKS) {
      yield* choose(ahead);
      ahead = undefined;
    }
  }
  if (ahead !== undefined) yield* choose(ahead);
}

/** Prepares the measuring of clips: windows with speech, their features, and embeddings if there is an encoder. */
export async function createClipMeter(
  setup: FeaturesSetup,
): Promise<(clip: ListedClip) => Promise<ClipFeatures>> {
  const extractor = createExtractor(setup.names);
  const encode = setup.encoderPath === undefined ? undefined : await openEncoder(setup.encoderPath);

  async function measure({ path, copies: isCopied }: ListedClip): Promise<WindowFeatures[]> {
    const { ffmpegPath } = setup;
    const augmentation = isCopied ? setup.augmentation : undefined;
    const audio = await decodeAudio(path, {
      ffmpegPath,
      maxDurationSec: MAX_DURATION_SEC,
      timeoutSec: TIMEOUT_SEC,
    });
    const windows: WindowFeatures[] = [];
    const short = holdFew<{ measured: WindowFeatures; samples: Float32Array }>(augmentation?.windows ?? 0);
    for await (const window of speechWindows(louderChannel(audio.frames))) {
      if (window.samples.length === 0) continue;
      const { startSec, endSec, speechRatio, samples } = window;
      const embedding = await encode?.(resample(samples, ANALYSIS_RATE_HZ, ENCODER_RATE_HZ));
      const { bandwidthHz, snrDb, clippingRatio, musicScore } = measureQuality(window);
      const quality = {
        bandwidth_hz: bandwidthHz,
        snr_db: snrDb,
        clipping_ratio: clippingRatio,
        music_score: musicScore,
      };
      const features = extractor.extract(samples);
      const measured = { startSec, endSec, speechRatio, quality, features, copies: [], embedding };
      windows.push(measured);
      short.add({ measured, samples });
    }
    for (const { measured, samples } of short.all())
      measured.copies = await featureRows(extractor, samples, augmentation!.speeds);
    return windows;
  }

  return async (clip) => {
    const { id } = clip;
    try {
      return { id, windows: await measure(clip) };
    } catch (error) {
      const code = error instanceof CodedError ? error.code : 'internal_error';
      return {
        id,
        windows: [],
        error: { code, message: error instanceof Error ? error.message : String(error) },
      };
    }
  };
}
