/** `node setup/program.mjs FILE ARG…`: runs a TypeScript program of ours, after installing what it lacks. */
import path from 'node:path';
import { bundleOfSource, ensureBundles } from './bundles.mjs';
import { ensureNodePackages } from './node-packages.mjs';
import { root, useFoundPrograms } from './paths.mjs';
import { preferStaticFfmpeg } from './static-ffmpeg.mjs';
import { ensurePrograms } from './system-packages.mjs';
import { main, runToEnd } from './terminal.mjs';

/** As LEAN_PROCESS of the platform: memory that stays flat over hours of sound. */
const LEAN = {
  execArgv: ['--max-semi-space-size=4'],
  env: { MALLOC_TRIM_THRESHOLD_: '131072', MALLOC_MMAP_THRESHOLD_: '65536' },
};
const fromSource = () => ['--conditions=source', '--import', import.meta.resolve('tsx')];

/**
 * npm runs everything in the project's folder, whatever folder it was called in: what the caller names is meant from
 * there. What the service keeps stays where npm start has it.
 */
function callersFolder() {
  const { INIT_CWD, DATA_DIR, MODELS_DIR } = process.env;
  process.env.DATA_DIR = path.resolve(root, DATA_DIR || 'data');
  process.env.MODELS_DIR = path.resolve(root, MODELS_DIR || 'models');
  process.env.TSX_TSCONFIG_PATH = path.join(root, 'tsconfig.json');
  return INIT_CWD || root;
}

await main(async () => {
  await ensureNodePackages();
  await ensurePrograms(process.env.FFMPEG_PATH ? {} : { ffmpeg: 'ffmpeg' });
  await preferStaticFfmpeg();
  useFoundPrograms();
  const [program, ...args] = process.argv.slice(2);
  const bundle = bundleOfSource(program);
  if (bundle) await ensureBundles();
  const node = bundle ? [...LEAN.execArgv, bundle] : [...fromSource(), path.resolve(root, program)];
  const cwd = callersFolder();
  const env = { ...LEAN.env, ...process.env };
  process.exitCode = await runToEnd(process.execPath, [...node, ...args], { cwd, env });
});
