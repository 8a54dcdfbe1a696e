import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SELECTED } from '../../packages/pipeline/src';
import { programOf } from '../system';

const ROOT = path.join(__dirname, '..', '..');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bonafide-list-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const linesOf = (file: string): Record<string, unknown>[] =>
  readFileSync(path.join(folder, file), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const matrixOf = (file: string): Float32Array => {
  const bytes = readFileSync(path.join(folder, file));
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
};

function run(out: string, ...options: readonly string[]): void {
  const list = path.join(folder, 'list.jsonl');
  const args = [...programOf('cli', 'features'), '--list', list, '--out', path.join(folder, out)];
  execFileSync(process.execPath, [...args, ...options], { cwd: ROOT });
}

test('When a list is measured by one or two processes, then the same rows come in the order of the list', () => {
  const clips = ['real-en.wav', 'missing', 'fake-en.ogg', 'real-es.ogg', 'LICENCES.md'];
  const line = (name: string): string =>
    JSON.stringify({
      id: name,
      path: path.join(ROOT, 'tests', 'fixtures', name === 'missing' ? 'none.wav' : name),
    });
  writeFileSync(path.join(folder, 'list.jsonl'), clips.map(line).join('\n'));
  run('one');
  run('two', '--jobs', '2');

  const windows = linesOf('one/windows.jsonl');
  expect([...new Set(windows.map(({ id }) => id))]).toEqual(['real-en.wav', 'fake-en.ogg', 'real-es.ogg']);
  expect(JSON.parse(readFileSync(path.join(folder, 'one', 'names.json'), 'utf8'))).toEqual(SELECTED);
  expect(readFileSync(path.join(folder, 'one', 'features.f32')).length).toBe(
    windows.length * SELECTED.length * 4,
  );
  expect(linesOf('one/errors.jsonl').map(({ id, code }) => [id, code])).toEqual([
    ['missing', 'internal_error'],
    ['LICENCES.md', 'not_audio'],
  ]);
  for (const file of ['features.f32', 'windows.jsonl', 'errors.jsonl']) {
    const [one, two] = ['one', 'two'].map((out) => readFileSync(path.join(folder, out, file)));
    expect(one.equals(two)).toBe(true);
  }
});

test('When windows are to be measured at other speeds besides, then copies stand beside those that are asked for and short', () => {
  const lines = [
    { id: 'judged', path: path.join(ROOT, 'tests/fixtures/real-en-3s.wav'), copies: true },
    { id: 'long', path: path.join(ROOT, 'tests/fixtures/real-en.wav'), copies: true },
    { id: 'not', path: path.join(ROOT, 'tests/fixtures/real-en-3s.wav') },
  ];
  writeFileSync(path.join(folder, 'list.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
  run('copies', '--augmentation', '{"speeds": [1, 0.95], "windows": 2}');

  const [count, columns] = [linesOf('copies/windows.jsonl').length, SELECTED.length];
  expect(count).toBe(6);
  const rows = matrixOf('copies/features.f32');
  const copies = matrixOf('copies/copies.f32');
  expect(copies).toHaveLength(count * 2 * columns);
  const [same, slower] = [copies.slice(0, columns), copies.slice(columns, 2 * columns)];
  expect(same).toEqual(rows.slice(0, columns));
  expect(slower).not.toEqual(same);
  expect(slower.every(Number.isFinite)).toBe(true);
  expect(copies.slice(2 * columns).every(Number.isNaN)).toBe(true);
});
