/**
 * `node packages/pipeline/assembly/build.mjs`: compiles the kernels with AssemblyScript and writes
 * src/signal/kernels-binary.ts. To be run after a change here; the compiler (100 MB) is fetched for it
 * and is no dependency of the project.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const COMPILER = 'assemblyscript@0.28.20';
const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--disableWarning', '201'];
const COLUMNS = 110;

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'bonafide-kernels-'));
try {
  const output = path.join(folder, 'kernels.wasm');
  const compile = ['--yes', `--package=${COMPILER}`, 'asc', path.join(here, 'index.ts'), ...OPTIONS];
  execFileSync('npx', [...compile, '--baseDir', here, '-o', output], { cwd: here, stdio: 'inherit' });
  const digest = createHash('sha256');
  const sources = readdirSync(here).filter((name) => name.endsWith('.ts'));
  for (const name of sources.sort()) digest.update(readFileSync(path.join(here, name)));
  const base64 = readFileSync(output).toString('base64');
  const lines = base64.match(new RegExp(`.{1,${COLUMNS}}`, 'g')).map((line) => `  '${line}',`);
  writeFileSync(
    path.join(here, '../src/signal/kernels-binary.ts'),
    [
      '/** Compiled by assembly/build.mjs: not to be edited. */',
      `export const KERNELS_SOURCE_SHA256 = '${digest.digest('hex')}';`,
      '',
      'export const KERNELS_BASE64 = [',
      ...lines,
      "].join('');",
      '',
    ].join('\n'),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
