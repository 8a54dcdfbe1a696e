import ffmpeg from 'fluent-ffmpeg';
import type { Headerless } from './headerless';

export const DECODE_RATE_HZ = 22_050;

/** Sound only: a film's pictures are not even probed, and video decoders are where most faults are found. */
const DECODERS = [
  ...['aac', 'aac_latm', 'ac3', 'eac3', 'dca', 'truehd', 'mlp', 'flac', 'alac', 'ape', 'tak', 'tta'],
  ...[
    'mp1',
    'mp1float',
    'mp2',
    'mp2float',
    'mp3',
    'mp3float',
    'mp3adu',
    'mp3adufloat',
    'mp3on4',
    'mp3on4float',
  ],
  ...['vorbis', 'libvorbis', 'opus', 'libopus', 'speex', 'libspeex', 'wavpack', 'mpc7', 'mpc8', 'shorten'],
  ...['wmav1', 'wmav2', 'wmapro', 'wmalossless', 'wmavoice', 'nellymoser'],
  ...['amrnb', 'amrwb', 'libopencore_amrnb', 'libopencore_amrwb', 'gsm', 'gsm_ms', 'libgsm', 'libgsm_ms'],
  ...['g722', 'g723_1', 'g726', 'g726le', 'g729', 'qcelp', 'evrc', 'ilbc', 'libilbc', 'truespeech'],
  ...['adpcm_ima_wav', 'adpcm_ima_qt', 'adpcm_ms', 'adpcm_yamaha', 'adpcm_swf', 'adpcm_g722', 'adpcm_g726'],
  ...['adpcm_g726le', 'adpcm_sbpro_2', 'adpcm_sbpro_3', 'adpcm_sbpro_4', 'adpcm_ct'],
  ...['pcm_alaw', 'pcm_mulaw', 'pcm_u8', 'pcm_s8', 'pcm_s8_planar', 'pcm_dvd', 'pcm_bluray'],
  ...['s302m', 'cook', 'ra_144', 'ra_288', 'sipr', 'atrac1', 'atrac3', 'atrac3p', 'adpcm_adx'],
  ...['dsd_lsbf', 'dsd_msbf', 'dsd_lsbf_planar', 'dsd_msbf_planar', 'dst'],
  ...['s16', 's24', 's32', 's64', 'u16', 'u24', 'u32', 'f16', 'f24', 'f32', 'f64'].flatMap((sample) =>
    ['le', 'be', 'le_planar', 'be_planar'].map((order) => `pcm_${sample}${order}`),
  ),
];
const LARGEST_ALLOCATION_BYTES = 256 * 1024 * 1024;
const MOST_TRACKS = 64;
const OUTPUT_BYTES_PER_SEC = DECODE_RATE_HZ * 2 * 4;

/** fluent-ffmpeg builds the line; its own runner is left alone, for it starts two more processes to list codecs. */
interface LineBuilder {
  _getArguments(): string[];
}

export interface DecodeLine {
  readonly path: string;
  /** The only demuxers that may look at the file. */
  readonly demuxers: readonly string[];
  /** Where it is known that the file holds bare samples: what they are. */
  readonly headerless?: Headerless;
  readonly maxDurationSec: number;
}

function bareSamples({ demuxer, rateHz }: Headerless): string[] {
  return ['-f', demuxer, ...(rateHz === undefined ? [] : ['-sample_rate', String(rateHz)])];
}

/**
 * Arguments of one ffmpeg process that turns a sound track of a local file (of several the default one, which players
 * play) into 32-bit float WAV, mono or stereo, at 22,050 Hz, on its standard output. What the file names in turn (a
 * list of other files, an address, a device) is not opened: only plain files can be, and no demuxer is let in that
 * would.
 */
export function decodeArguments({ path, demuxers, headerless, maxDurationSec }: DecodeLine): string[] {
  const longestSec = maxDurationSec + 1;
  const command = ffmpeg(`file:${path}`)
    .inputOptions(['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'info'])
    .inputOptions(['-max_alloc', String(LARGEST_ALLOCATION_BYTES), '-max_streams', String(MOST_TRACKS)])
    .inputOptions(['-threads', '1', '-protocol_whitelist', 'file'])
    .inputOptions(['-format_whitelist', demuxers.join(','), '-codec_whitelist', DECODERS.join(',')])
    // Of what Matroska packs, nothing else tells that the bytes of a frame are not those that were written.
    .inputOptions(demuxers.includes('matroska') ? ['-err_detect', 'crccheck'] : [])
    .inputOptions(headerless ? bareSamples(headerless) : [])
    .outputOptions(['-vn', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'])
    .outputOptions(['-threads', '1', '-t', String(longestSec)])
    .outputOptions(['-fs', String(Math.ceil(longestSec * OUTPUT_BYTES_PER_SEC) + 4096)])
    .outputOptions(['-fflags', '+bitexact', '-flags:a', '+bitexact'])
    .audioFilters([`aresample=${DECODE_RATE_HZ}`, 'aformat=sample_fmts=flt:channel_layouts=mono|stereo'])
    .audioCodec('pcm_f32le')
    .outputFormat('wav')
    .output('pipe:1');
  return (command as unknown as LineBuilder)._getArguments();
}
