import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const SETUP = path.join(__dirname, '../../setup/source-map.mjs');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bonafide-source-map-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, lines: readonly string[]) => {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, lines.join('\n'));
};

test('When an error of a bundle is traced, then ours are named by file and line, and the map holds nothing else', () => {
  const callsBack = 'module.exports = (call) => {\n  call();\n};';
  write('node_modules/theirs/index.js', [callsBack]);
  write('src/fails.ts', ['export const fails = (): never => {', '', "  throw new Error('no');", '};']);
  write('src/main.ts', [
    "import theirs from 'theirs';",
    "import { fails } from './fails';",
    '',
    'theirs(fails);',
  ]);
  const esbuild = require.resolve('esbuild/bin/esbuild');
  const options = [
    '--bundle',
    '--platform=node',
    '--minify-whitespace',
    '--sourcemap',
    '--outfile=out/main.js',
  ];
  execFileSync(esbuild, ['src/main.ts', ...options, '--log-level=error'], { cwd: folder });
  const map = path.join(folder, 'out/main.js.map');
  const keepOurs = `import(${JSON.stringify(SETUP)}).then((s) => s.mapOursAlone(${JSON.stringify(map)}))`;
  execFileSync(process.execPath, ['-e', keepOurs]);

  const { stderr } = spawnSync(process.execPath, ['--enable-source-maps', 'out/main.js'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const places = stderr.split('\n').flatMap((line) => /([\w.]+:\d+):\d+\)?$/.exec(line)?.[1] ?? []);
  expect(places[0]).toBe('fails.ts:3');
  expect(places.filter((place) => place.endsWith('.ts:4'))).toEqual(['main.ts:4']);
  // What is not ours is told as it stands in the bundle, not as what happens to stand before it.
  expect(places[1]).toBe('main.js:1');
  expect((JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] }).sources.sort()).toEqual([
    '../src/fails.ts',
    '../src/main.ts',
  ]);
});
