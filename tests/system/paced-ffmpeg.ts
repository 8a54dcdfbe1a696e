import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from './folders';

/**
 * The settings of a worker whose ffmpeg reads no faster than a recording is spoken: an analysis then lasts as long as
 * its sound, on any machine, and can be interrupted without long recordings that take the processor from the rest.
 */
export async function atThePaceOfSpeech(): Promise<{ FFMPEG_PATH: string }> {
  const path = join(await temporaryFolder(), 'ffmpeg');
  const program = process.env.FFMPEG_PATH ?? 'ffmpeg';
  await writeFile(path, `#!/bin/sh\nexec '${program}' -re "$@"\n`);
  await chmod(path, 0o755);
  return { FFMPEG_PATH: path };
}
