import type { ErrorCode } from '@bonafide/contracts';
import { OwnLines } from './own-lines';

/** What ffmpeg says of the file it read. */
export interface SourceFacts {
  readonly format: string;
  readonly codec: string;
  readonly sampleRateHz: number;
  readonly channels: number;
  /** Sound tracks that the file holds; all of this is about the one that is decoded. */
  readonly tracks: number;
  /** Bits a second, of the track or of a file that holds nothing else; absent where neither is told. */
  readonly bitRate?: number;
  /** As the container declares it; absent where it is only a guess from the bit rate. */
  readonly declaredSec?: number;
}

const CHANNELS_BY_NAME: Readonly<Record<string, number>> = {
  mono: 1,
  stereo: 2,
  quad: 4,
  hexagonal: 6,
  octagonal: 8,
};

/** Of a layout: `5.1` is five and one. */
function channelsOf(words: string): number {
  const counted = /(\d+) channels/.exec(words);
  if (counted !== null) return Number(counted[1]);
  const name = words.replace(/\(.*\)/, '').trim();
  const surround = /^(\d+)\.(\d+)/.exec(name);
  if (surround !== null) return Number(surround[1]) + Number(surround[2]);
  return CHANNELS_BY_NAME[name] ?? 1;
}

function secondsOf(clock: RegExpExecArray | null): number | undefined {
  return clock === null ? undefined : Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
}

/**
 * What ffmpeg says of its own: not what the file is called, nor what in its tags ends a line for us and not for it, which
 * whoever made the file may have worded as ffmpeg does. The lines of tags themselves are gone already (`OwnLines`).
 */
export function ownWords(report: string, path: string): string {
  const own = new OwnLines();
  own.add(`file:${path}`);
  return report.replaceAll(own.text, '').replace(/[\r\u2028\u2029]/g, ' ');
}

const OUTPUT = /^Output #0/m;
const TRACK =
  /^ {2}Stream #0:(\d+).*?: Audio: (\w+)(?:[^\n]*?, (\d+) Hz, ([^,\n]+)(?:[^\n]*?, (\d+) kb\/s)?)?/gm;
/** Said once the whole file is described: the last line of the kind is ffmpeg's own. */
const DECODED_TRACK = /^ {2}Stream #0:(\d+) -> #0:0 \((\w+)/gm;

/** Kilobits a second of a file with a single stream, tags and framing with it. */
function bitRateOfWhole(input: string): string | undefined {
  const streams = input.match(/^ {2}Stream #0:\d+.*?: [A-Z]/gm) ?? [];
  return streams.length === 1 ? /^ {2}Duration: .*bitrate: (\d+) kb\/s/m.exec(input)?.[1] : undefined;
}

/** Reads the description of the sound track that is decoded, else of the first one, out of ffmpeg's banner. */
export function readSourceFacts(banner: string): SourceFacts {
  const format = /^Input #0, (.+), from /m.exec(banner)?.[1] ?? 'unknown';
  const input = banner.split(OUTPUT)[0];
  const tracks = [...input.matchAll(TRACK)];
  const [, place, codec] = [...input.matchAll(DECODED_TRACK)].at(-1) ?? [];
  const isDecoded = ([, index, name]: RegExpExecArray) => index === place && name === codec;
  const track = tracks.find(isDecoded) ?? tracks[0];
  const isGuess = banner.includes('Estimating duration from bitrate');
  const bitRate = track?.[5] ?? bitRateOfWhole(input);
  const declaredSec = isGuess ? undefined : secondsOf(/^ {2}Duration: (\d+):(\d+):([\d.]+)/m.exec(banner));
  return {
    format,
    codec: track?.[2] ?? 'unknown',
    sampleRateHz: Number(track?.[3] ?? 0),
    channels: channelsOf(track?.[4] ?? 'mono'),
    tracks: tracks.length,
    ...(bitRate !== undefined && { bitRate: Number(bitRate) * 1000 }),
    ...(declaredSec !== undefined && { declaredSec }),
  };
}

/**
 * Whether ffmpeg found frames here and there that nothing connects: any program or archive has such bytes. Score 1 of its
 * probe for MPEG audio, of 100; four frames in a row make 25.
 */
export const isChanceFind = (banner: string): boolean =>
  banner.includes('Format mp3 detected only with low score of 1,');

/** What the container states of the sound; beside pictures or other tracks it is their length as well. */
export function promisedByContainer(banner: string): number | undefined {
  const hasPictures = /^ {2}Stream #0:\d+.*: Video: (?!.*\(attached pic\))/m.test(banner);
  const { tracks, declaredSec } = readSourceFacts(banner);
  return hasPictures || tracks > 1 ? undefined : declaredSec;
}

const SIGNS: readonly (readonly [pattern: RegExp, code: ErrorCode])[] = [
  [/^(?!\s{2,}).*(activation_bytes|DRM protected|encrypt)/im, 'encrypted_media'],
  [/matches no streams|does not contain any stream/, 'no_audio_track'],
  [
    /moov atom not found|partial file|: End of file|Input\/output error|no 'data' tag found/,
    'truncated_audio',
  ],
  // Old demuxers say of any header that they cannot read that it is not permitted.
  [/Invalid data found|not on whitelist|Invalid argument|Operation not permitted/, 'not_audio'],
];

/** The code of a decode that brought no sound, by what ffmpeg said. */
export function classifyFailure(said: string): ErrorCode {
  const sign = SIGNS.find(([pattern]) => pattern.test(said));
  if (sign !== undefined) return sign[1];
  return said.includes('Audio: ') ? 'truncated_audio' : 'decode_failed';
}
