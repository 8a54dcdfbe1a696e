import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listFiles } from '../../apps/cli/src/analyze-files';
import { tableRow } from '../../apps/cli/src/analyze-table';
import { accessProblem } from '../../apps/cli/src/file-access';

const NOBODY = 65_534;
let folder: string;
const within = (name: string) => path.join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'files-'));
  await chmod(folder, 0o755);
  await writeFile(within('a.wav'), 'sound');
});
afterEach(() => rm(folder, { recursive: true }));

/** The superuser may read everything, so this is somebody else. */
async function asSomebody<T>(act: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return act();
  process.seteuid?.(NOBODY);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}

describe('files to analyse', () => {
  test('When a folder holds links, then those to files are taken, those to folders are not', async () => {
    await mkdir(within('b'));
    await symlink('../a.wav', within('b/link.WAV'));
    await symlink('nowhere.wav', within('b/lost.wav'));
    await symlink('..', within('b/up.wav'));
    await symlink('../a.wav', within('b/link.txt'));
    const leftOut: string[] = [];
    const files = await listFiles([folder], (file) => leftOut.push(file));
    expect(files).toEqual(['a.wav', 'b/link.WAV', 'b/lost.wav'].map(within));
    expect(leftOut).toEqual([within('b/link.txt')]);
    expect(await accessProblem(within('b/link.WAV'))).toBeNull();
    expect(await accessProblem(within('b/lost.wav'))).toMatchObject({ code: 'not_found' });
  });

  test('When a folder or a file cannot be read, then it is named and the others are found', async () => {
    await mkdir(within('b'));
    await writeFile(within('c.wav'), 'sound');
    await chmod(within('b'), 0);
    await chmod(within('c.wav'), 0);
    const found = await asSomebody(async () => {
      const files = await listFiles([folder, within('b')]);
      return Promise.all(files.map(async (file) => [file, (await accessProblem(file))?.code]));
    });
    await chmod(within('b'), 0o755);
    expect(found).toEqual([
      [within('a.wav'), undefined],
      [within('b'), 'not_readable'],
      [within('c.wav'), 'not_readable'],
      [within('b'), 'not_readable'],
    ]);
  });

  test('When a name is not UTF-8, then the file is found, and it is said why it cannot be read', async () => {
    await writeFile(
      Buffer.concat([Buffer.from(within('caf')), Buffer.from([0xe9]), Buffer.from('.wav')]),
      'sound',
    );
    const files = await listFiles([folder]);
    expect(files).toEqual([within('a.wav'), within('caf\ufffd.wav')]);
    expect(await accessProblem(files[1])).toMatchObject({
      code: 'not_readable',
      message: expect.stringContaining('UTF-8') as string,
    });
  });

  test('When a name holds a line break or a terminal’s commands, then its row is one line without them', () => {
    const row = tableRow({
      success: false,
      error: { code: 'not_found', message: 'There is no such file' },
      audio_info: { file_path: 'one\ntwo\u001b[31m.wav' },
    });
    expect(row).toMatch(/^one�two�\[31m\.wav +ERROR/);
  });
});
