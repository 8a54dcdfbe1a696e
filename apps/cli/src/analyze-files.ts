import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** What a folder is searched for. A file that is named outright is tried whatever its name. */
const MEDIA_EXTENSIONS = new Set(
  (
    'wav wave flac mp3 mp2 m4a m4b aac ogg oga opus spx webm weba amr awb wma 3gp 3g2 aif aiff aifc au snd caf ' +
    'w64 rf64 ac3 eac3 dts ape wv tta gsm mka mp4 m4v mov mkv avi wmv flv mpg mpeg m2ts ogv'
  ).split(' '),
);

/** The files to analyse, in the order given; those of a folder by name, folders within it too. */
export async function listFiles(targets: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const target of targets) {
    const info = await stat(target).catch(() => undefined);
    if (info?.isDirectory()) files.push(...(await mediaIn(target)));
    else files.push(target);
  }
  return files;
}

async function mediaIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(
      (entry) => entry.isFile() && MEDIA_EXTENSIONS.has(path.extname(entry.name).slice(1).toLowerCase()),
    )
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
