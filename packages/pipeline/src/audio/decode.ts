import { MediaError } from '@bonafide/contracts';
import { demuxersFor, OPENING_BYTES, showsMedia } from './container';
import { failureOf, isBelowSpeech, isNoise } from './decode-failure';
import { ownWords, promisedByContainer, readSourceFacts, type SourceFacts } from './decode-report';
import { DECODE_RATE_HZ, decodeArguments } from './ffmpeg-command';
import { startFfmpeg, type FfmpegProcess } from './ffmpeg-process';
import { readOpening, sizeOf } from './file-parts';
import { headerlessBy } from './headerless';
import { endsWithinPage } from './ogg-end';
import { promisedByWav, WAV_HEAD_BYTES } from './promised-length';
import { readWavHeader, splitChannels, type WavHeader } from './wav-stream';

export interface DecodeOptions {
  readonly ffmpegPath: string;
  /** What the client calls the file, where that is not its path: some formats are known by their name alone. */
  readonly filename?: string;
  readonly maxDurationSec: number;
  /** Limit on the time spent waiting for ffmpeg; the reader's own pauses do not count. */
  readonly timeoutSec: number;
  readonly signal?: AbortSignal;
}

export interface DecodedAudio {
  readonly channelCount: 1 | 2;
  readonly source: SourceFacts;
  /** Length of the sound that the file states, where it does and that is not its size in other words. */
  readonly promisedSec?: number;
  /** One array a channel, equal lengths, about a second a block, 22,050 Hz. To be read once. */
  readonly frames: AsyncIterable<Float32Array[]>;
  /** Grows as frames are read; complete when they end. */
  readonly progress: { decodedSec: number; isDamaged: boolean };
}

const BYTES_PER_SAMPLE = 4;

/** Reads chunks with a budget of waiting time; aborts and time-outs kill the process. */
async function* readChunks(ffmpeg: FfmpegProcess, options: DecodeOptions): AsyncGenerator<Buffer> {
  let leftMs = options.timeoutSec * 1000;
  let isLate = false;
  const stop = (): void => ffmpeg.kill();
  options.signal?.addEventListener('abort', stop);
  const chunks = ffmpeg.stdout[Symbol.asyncIterator]();
  try {
    for (;;) {
      const startedMs = performance.now();
      const timer = setTimeout(() => {
        isLate = true;
        ffmpeg.kill();
      }, leftMs);
      const next = await chunks.next().finally(() => clearTimeout(timer));
      leftMs -= performance.now() - startedMs;
      options.signal?.throwIfAborted();
      if (isLate) throw new MediaError('decode_timeout');
      if (next.done === true) return;
      yield next.value as Buffer;
    }
  } finally {
    options.signal?.removeEventListener('abort', stop);
    ffmpeg.kill();
    ffmpeg.stdout.destroy();
  }
}

interface Opened {
  readonly header: WavHeader;
  readonly rest: Buffer;
}

/** Reads up to the first samples, or answers undefined where the stream ends before. */
async function openStream(chunks: AsyncGenerator<Buffer>): Promise<Opened | undefined> {
  let bytes: Buffer = Buffer.alloc(0);
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) return undefined;
    bytes = Buffer.concat([bytes, next.value]);
    const header = readWavHeader(bytes);
    if (header !== undefined && bytes.length > header.byteLength)
      return { header, rest: bytes.subarray(header.byteLength) };
  }
}

/**
 * Starts decoding the file at `path` with one ffmpeg process. Resolves with the first samples at hand.
 * Throws a MediaError: empty_file, not_audio, no_audio_track, truncated_audio, encrypted_media,
 * sample_rate_too_low, decode_failed, decode_timeout; and, here or while frames are read, audio_too_long. Throws a
 * DecoderError where ffmpeg itself cannot be started.
 */
export async function decodeAudio(path: string, options: DecodeOptions): Promise<DecodedAudio> {
  const opening = await readOpening(path, OPENING_BYTES);
  if (opening.length === 0) throw new MediaError('empty_file');
  options.signal?.throwIfAborted();
  const { maxDurationSec } = options;
  const headerless = showsMedia(opening) ? undefined : headerlessBy(options.filename ?? path);
  const demuxers = headerless ? [headerless.demuxer] : demuxersFor(opening);
  const args = decodeArguments({ path, demuxers, headerless, maxDurationSec });
  const ffmpeg = startFfmpeg(options.ffmpegPath, args, { cpuSec: options.timeoutSec + 1 });
  const said = () => ownWords(ffmpeg.report(), path);
  const chunks = readChunks(ffmpeg, options);
  try {
    const opened = await openStream(chunks);
    if (opened === undefined) {
      await ffmpeg.exited;
      throw await failureOf(path, opening, said());
    }
    // Its words come by another pipe than its samples, and may be later.
    await ffmpeg.described;
    if (await isNoise(path, opening, said())) throw new MediaError('not_audio');
    const { source, isCut, ...described } = await describe({ path, opening, said: said() });
    if (isBelowSpeech(source)) throw new MediaError('sample_rate_too_low');
    if ((source.declaredSec ?? 0) > maxDurationSec + 0.5) throw new MediaError('audio_too_long');
    const progress = { decodedSec: 0, isDamaged: isCut };
    const { promisedSec, faults } = described;
    const frames = readFrames({ chunks, ...opened, progress, maxDurationSec, ffmpeg, said, faults });
    return { channelCount: opened.header.channelCount === 1 ? 1 : 2, source, promisedSec, frames, progress };
  } catch (error) {
    await chunks.return(undefined);
    throw error;
  }
}

interface Description {
  readonly source: SourceFacts;
  readonly promisedSec?: number;
  /** Whether the file ends before its container does. */
  readonly isCut: boolean;
  /** What in ffmpeg's words shows that not all of the sound came out. */
  readonly faults: readonly RegExp[];
}

/** What the file is, by ffmpeg's words and, where these do not tell, by its bytes. */
async function describe(file: { path: string; opening: Buffer; said: string }): Promise<Description> {
  const { path, opening, said } = file;
  const source = readSourceFacts(said);
  const mark = opening.toString('latin1', 0, 4);
  if (mark === 'RIFF') {
    const promisedSec = promisedByWav(await readOpening(path, WAV_HEAD_BYTES), await sizeOf(path));
    return { source, promisedSec, isCut: false, faults: [DAMAGE] };
  }
  const isCut = mark === 'OggS' && (await endsWithinPage(path, await sizeOf(path)));
  return { source, promisedSec: promisedByContainer(said), isCut, faults: [DAMAGE, BREAKING_OFF] };
}

/** Among them a chained Ogg file whose next link, of another kind, is left out. */
const DAMAGE = new RegExp(
  [
    ...['Invalid data found', 'partial file', 'Error while decoding', 'Error during demuxing'],
    ...['failed to create or replace stream', 'corrupt decoded frame', 'error decoding the audio block'],
    ...['Too few bits', 'CRC error at'],
  ].join('|'),
);
/** The last packet lacks its end, or the file its own: as WAV files do that are written without knowing their length. */
const BREAKING_OFF = /Packet corrupt|ended prematurely/;

interface FrameSource {
  readonly chunks: AsyncGenerator<Buffer>;
  readonly header: WavHeader;
  readonly rest: Buffer;
  readonly progress: { decodedSec: number; isDamaged: boolean };
  readonly maxDurationSec: number;
  readonly ffmpeg: FfmpegProcess;
  /** What it has said so far. */
  said(): string;
  /** What in that shows that not all of the sound came out. */
  readonly faults: readonly RegExp[];
}

async function* readFrames(from: FrameSource): AsyncGenerator<Float32Array[]> {
  const { channelCount } = from.header;
  const frameBytes = BYTES_PER_SAMPLE * channelCount;
  const blockBytes = DECODE_RATE_HZ * frameBytes;
  let parts: Buffer[] = [from.rest];
  let held = from.rest.length;
  const take = (): Float32Array[] => {
    const bytes = Buffer.concat(parts);
    const whole = bytes.length - (bytes.length % frameBytes);
    parts = [bytes.subarray(whole)];
    held = bytes.length - whole;
    from.progress.decodedSec += whole / frameBytes / DECODE_RATE_HZ;
    if (from.progress.decodedSec > from.maxDurationSec + 0.5) throw new MediaError('audio_too_long');
    return splitChannels(bytes.subarray(0, whole), channelCount);
  };
  try {
    for await (const chunk of from.chunks) {
      parts.push(chunk);
      held += chunk.length;
      if (held >= blockBytes) yield take();
    }
    if (held >= frameBytes) yield take();
    const code = await from.ffmpeg.exited;
    from.progress.isDamaged ||= code !== 0 || from.faults.some((fault) => fault.test(from.said()));
  } finally {
    await from.chunks.return(undefined);
  }
}
