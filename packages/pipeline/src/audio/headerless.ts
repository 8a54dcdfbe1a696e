import path from 'node:path';

/** Input options of ffmpeg for a file that holds nothing but coded samples, one channel. */
export type Headerless = { readonly demuxer: string; readonly rateHz?: number };

const TELEPHONE_RATE_HZ = 8000;
const mulaw: Headerless = { demuxer: 'mulaw', rateHz: TELEPHONE_RATE_HZ };
const alaw: Headerless = { demuxer: 'alaw', rateHz: TELEPHONE_RATE_HZ };

/**
 * The formats that telephone systems record to without any header, by the endings that they give them (Asterisk's and
 * ffmpeg's own). The codec fixes the rate where none is named.
 */
export const HEADERLESS: Readonly<Record<string, Headerless>> = {
  ...{ ulaw: mulaw, ul: mulaw, pcmu: mulaw, mulaw },
  ...{ alaw, al: alaw, pcma: alaw },
  gsm: { demuxer: 'gsm' },
  g722: { demuxer: 'g722' },
  g723: { demuxer: 'g723_1' },
  g729: { demuxer: 'g729' },
  ...{ sln: { demuxer: 's16le', rateHz: TELEPHONE_RATE_HZ }, sln16: { demuxer: 's16le', rateHz: 16_000 } },
};

/** Without its dot, in small letters. */
export const endingOf = (filename: string): string => path.extname(filename).slice(1).toLowerCase();

/** How to read a recording whose name alone tells its format; undefined where the name tells none. */
export function headerlessBy(filename: string): Headerless | undefined {
  const ending = endingOf(filename);
  return Object.hasOwn(HEADERLESS, ending) ? HEADERLESS[ending] : undefined;
}
