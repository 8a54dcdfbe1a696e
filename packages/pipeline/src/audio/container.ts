/**
 * What kind of file the opening bytes show, and so which demuxers of ffmpeg may look at it. A playlist, a
 * concat script, a subtitle or an image sequence is of no kind, whatever it is called.
 */
type Sign = { readonly at: number; readonly text: string };
type Kind = { readonly demuxers: readonly string[]; readonly signs: readonly (readonly Sign[])[] };

const at = (place: number, ...texts: string[]): Sign[][] => texts.map((text) => [{ at: place, text }]);
/** Containers of named forms: the mark, a size, the form. */
const forms = (marks: readonly string[], ...names: string[]): Sign[][] =>
  marks.flatMap((mark) =>
    names.map((name) => [
      { at: 0, text: mark },
      { at: 8, text: name },
    ]),
  );
const RIFF = ['RIFF', 'RIFX', 'RF64', 'BW64'];

/** Opening marks of each container (its specification, or the file(1) database). */
const KINDS: readonly Kind[] = [
  { demuxers: ['wav'], signs: forms(RIFF, 'WAVE') },
  { demuxers: ['avi'], signs: forms(RIFF, 'AVI ', 'AVIX') },
  { demuxers: ['w64'], signs: at(0, 'riff\x2e\x91\xcf\x11') },
  { demuxers: ['aiff'], signs: forms(['FORM'], 'AIFF', 'AIFC') },
  { demuxers: ['au'], signs: at(0, '.snd') },
  { demuxers: ['caf'], signs: at(0, 'caff') },
  { demuxers: ['flac'], signs: at(0, 'fLaC') },
  { demuxers: ['ogg'], signs: at(0, 'OggS') },
  { demuxers: ['mov'], signs: at(4, 'ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot') },
  { demuxers: ['matroska'], signs: at(0, '\x1a\x45\xdf\xa3') },
  { demuxers: ['asf'], signs: at(0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11') },
  { demuxers: ['amr', 'amrnb', 'amrwb'], signs: at(0, '#!AMR') },
  { demuxers: ['ilbc'], signs: at(0, '#!iLBC') },
  { demuxers: ['wv'], signs: at(0, 'wvpk') },
  { demuxers: ['ape'], signs: at(0, 'MAC ') },
  { demuxers: ['tta'], signs: at(0, 'TTA1') },
  { demuxers: ['tak'], signs: at(0, 'tBaK') },
  { demuxers: ['mpc', 'mpc8'], signs: at(0, 'MP+', 'MPCK') },
  { demuxers: ['dsf'], signs: at(0, 'DSD ') },
  { demuxers: ['voc'], signs: at(0, 'Creative Voice File') },
  { demuxers: ['flv'], signs: at(0, 'FLV\x01') },
  { demuxers: ['mpeg'], signs: at(0, '\x00\x00\x01\xba') },
  { demuxers: ['nistsphere'], signs: at(0, 'NIST_1A\n') },
  { demuxers: ['sox'], signs: at(0, '.SoX', 'XoS.') },
  {
    demuxers: ['ircam'],
    signs: at(0, '\x64\xa3\x01\0', '\x64\xa3\x02\0', '\x64\xa3\x03\0', '\0\x01\xa3\x64', '\0\x02\xa3\x64'),
  },
  {
    demuxers: ['adx'],
    signs: [
      [
        { at: 0, text: '\x80\0' },
        { at: 4, text: '\x03\x12\x04' },
      ],
    ],
  },
  { demuxers: ['truehd', 'mlp'], signs: at(4, '\xf8\x72\x6f\xba', '\xf8\x72\x6f\xbb') },
  { demuxers: ['nut'], signs: at(0, 'nut/multimedia container') },
  { demuxers: ['rm'], signs: at(0, '.RMF', '.ra\xfd') },
  { demuxers: ['mxf'], signs: at(0, '\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02') },
  { demuxers: ['wtv'], signs: at(0, '\xb7\xd8\0\x20\x37\x49\xda\x11\xa6\x4e\0\x07\xe9\x5e\xad\x8d') },
];

/** A tag may stand before each of these. */
const TAGGED = ['mp3', 'aac', 'flac', 'ape', 'tta', 'wv', 'mpc', 'aiff'];
/** Frames that carry their own mark, found wherever they begin: after rubbish, or cut out of a broadcast. */
const BARE_FRAMES = ['mp3', 'aac', 'loas', 'ac3', 'eac3', 'dts', 'mpegts'];

export const OPENING_BYTES = 64;

/** The demuxers that may read a file that opens with these bytes; those of bare frames where no mark stands. */
export function demuxersFor(opening: Buffer): readonly string[] {
  const shows = ({ at: place, text }: Sign): boolean =>
    opening.toString('latin1', place, place + text.length) === text;
  if (shows({ at: 0, text: 'ID3' })) return TAGGED;
  return KINDS.find(({ signs }) => signs.some((sign) => sign.every(shows)))?.demuxers ?? BARE_FRAMES;
}

/** Whether the bytes bear a mark of a file that may hold sound. Bare frames bear none that could be relied on. */
export function showsMedia(opening: Buffer): boolean {
  return demuxersFor(opening) !== BARE_FRAMES;
}
