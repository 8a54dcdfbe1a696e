import { endingOf, HEADERLESS } from './headerless';

/** Without `ts`, which more often holds a program than a transport stream. */
const ENDINGS: ReadonlySet<string> = new Set([
  ...'wav wave mp1 mp2 mp3 mpga m4a m4b m4r aac adts flac oga ogg opus spx weba wma amr awb aif aiff aifc'.split(
    ' ',
  ),
  ...'au snd caf ac3 eac3 dts ape wv tta tak mpc dsf voc w64 rf64 mka nut sox sph nist ra rm'.split(' '),
  ...'mp4 m4v webm mkv mov avi wmv asf 3gp 3gpp 3g2 flv ogv mts m2ts mpg mpeg'.split(' '),
  ...Object.keys(HEADERLESS),
]);

/** Whether a file is called as recordings and films are. What it holds is another question. */
export function isNamedAsSound(filename: string): boolean {
  return ENDINGS.has(endingOf(filename));
}
