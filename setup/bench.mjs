/** `npm run bench`: the benchmark after installing what it lacks; Python's packages only where they are asked for. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { addThread, ensureService } from './bundles.mjs';
import { ensureNodePackages } from './node-packages.mjs';
import { ensureObjectStoreServer, weed } from './object-store-server.mjs';
import { cache, root, useFoundPrograms } from './paths.mjs';
import { ensurePythonPackages } from './python-venv.mjs';
import { preferStaticFfmpeg } from './static-ffmpeg.mjs';
import { ensurePrograms } from './system-packages.mjs';
import { main, runToEnd } from './terminal.mjs';

/** Its own programs as bundles, for what is measured is to run as it does in production. */
async function buildPrograms() {
  const folder = path.join(root, 'bench/programs');
  const outdir = path.join(cache, 'bench');
  const esbuild = await import('esbuild');
  await esbuild.build({
    entryPoints: readdirSync(folder).map((name) => path.join(folder, name)),
    ...{ outdir, bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'error' },
    ...{ conditions: ['source'], external: ['onnxruntime-node'] },
  });
  await esbuild.stop();
  addThread(outdir);
  return outdir;
}

await main(async () => {
  const args = process.argv.slice(2);
  await ensureNodePackages();
  await ensurePrograms({ 'redis-server': 'redis-server', ffmpeg: 'ffmpeg' });
  await preferStaticFfmpeg();
  await ensureObjectStoreServer();
  useFoundPrograms();
  await ensureService();
  process.env.BENCH_PROGRAMS = await buildPrograms();
  process.env.BONAFIDE_TEST_BUILT = '1';
  process.env.BONAFIDE_TEST_WEED ??= weed;
  if (args.includes('--full') || args.includes('--references')) {
    process.env.BENCH_PYTHON = await ensurePythonPackages('bench/reference/requirements.txt', 'bench-venv');
  }
  const program = ['--conditions=source', '--import', 'tsx', 'bench/main.ts', ...args];
  process.exitCode = await runToEnd(process.execPath, program, { cwd: root });
});
