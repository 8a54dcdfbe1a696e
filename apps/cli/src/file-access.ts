import { open, stat } from 'node:fs/promises';

/** What stands in a name for bytes that are no UTF-8, by which no program can be told of the file. */
const UNREADABLE_NAME = '\ufffd';

/** Why nothing can be read there; null where it is a file that can. */
export async function accessProblem(file: string): Promise<{ code: string; message: string } | null> {
  try {
    const info = await stat(file);
    // Those that could be read have been replaced by what they hold.
    if (info.isDirectory()) return { code: 'not_readable', message: 'The folder cannot be read' };
    if (!info.isFile()) return { code: 'not_found', message: 'This is no file' };
    await (await open(file)).close();
    return null;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && file.includes(UNREADABLE_NAME))
      return { code: 'not_readable', message: 'The name of the file is not UTF-8: it has to be renamed' };
    if (['ENOENT', 'ENOTDIR'].includes(code)) return { code: 'not_found', message: 'There is no such file' };
    return { code: 'not_readable', message: `The file cannot be read (${code})` };
  }
}
