import ffmpeg from 'fluent-ffmpeg';

export const DECODE_RATE_HZ = 22_050;

/**
 * Containers that name other files or addresses, or read devices, are not for strangers' files: only
 * demuxers that read sound out of the one file itself are let in.
 */
const DEMUXERS = [
  ...[
    'wav',
    'w64',
    'aiff',
    'au',
    'caf',
    'flac',
    'mp3',
    'aac',
    'ac3',
    'eac3',
    'ogg',
    'mov',
    'matroska',
    'asf',
    'avi',
  ],
  ...[
    'amr',
    'amrnb',
    'amrwb',
    'ape',
    'wv',
    'tta',
    'tak',
    'mpc',
    'mpc8',
    'dsf',
    'voc',
    'gsm',
    'g722',
    'g729',
    'mpeg',
    'mpegts',
  ],
  ...[
    'flv',
    'rm',
    'oma',
    'dts',
    'truehd',
    'sln',
    'sox',
    'nut',
    'loas',
    'latm',
    'shn',
    'spdif',
    'webm_dash_manifest',
  ],
].filter((name) => name !== 'webm_dash_manifest');

/** fluent-ffmpeg builds the line; its own runner is left alone, for it starts two more processes to list codecs. */
interface LineBuilder {
  _getArguments(): string[];
}

/**
 * Arguments of one ffmpeg process that turns the first sound track of the file at `path` into
 * 32-bit float WAV, mono or stereo, at 22,050 Hz, on its standard output.
 */
export function decodeArguments(path: string, maxDurationSec: number): string[] {
  const command = ffmpeg(`file:${path}`)
    .inputOptions(['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'info'])
    .inputOptions(['-threads', '1', '-protocol_whitelist', 'file', '-format_whitelist', DEMUXERS.join(',')])
    .outputOptions(['-map', '0:a:0', '-vn', '-sn', '-dn', '-map_metadata', '-1', '-threads', '1'])
    .outputOptions(['-t', String(maxDurationSec + 1), '-fflags', '+bitexact', '-flags:a', '+bitexact'])
    .audioFilters([`aresample=${DECODE_RATE_HZ}`, 'aformat=sample_fmts=flt:channel_layouts=mono|stereo'])
    .audioCodec('pcm_f32le')
    .outputFormat('wav')
    .output('pipe:1');
  return (command as unknown as LineBuilder)._getArguments();
}
