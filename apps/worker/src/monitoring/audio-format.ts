import type { AudioFormat } from '@bonafide/contracts';

/** What a telephone carries: 8 kHz, whatever it is packed in since. */
const TELEPHONE_HZ = 8_000;
const TELEPHONE_CODEC = /^(pcm_(mulaw|alaw)|amr|gsm|g72|adpcm_g72)/;
const KINDS: readonly (readonly [AudioFormat, RegExp])[] = [
  ['pcm', /^pcm_/],
  ['lossless', /^(flac|alac|wavpack|tta|ape)/],
  ['mp3', /^mp[123]/],
  ['aac', /^aac/],
  ['opus', /^opus/],
  ['vorbis', /^vorbis/],
];

/** The kind of recording by its codec and sampling rate: few kinds, so that each has enough of them. */
export function audioFormatOf({ codec, sampleRateHz }: { codec: string; sampleRateHz: number }): AudioFormat {
  if (TELEPHONE_CODEC.test(codec) || (sampleRateHz > 0 && sampleRateHz <= TELEPHONE_HZ)) return 'telephone';
  return KINDS.find(([, form]) => form.test(codec))?.[0] ?? 'other';
}
