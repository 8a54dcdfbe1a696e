/** `node setup/python.mjs MODULE ARG…`: runs a module of training/ in its own, pinned Python environment. */
import path from 'node:path';
import { ensureNodePackages } from './node-packages.mjs';
import { useFoundPrograms, root } from './paths.mjs';
import { ensurePythonPackages, python } from './python-venv.mjs';
import { preferStaticFfmpeg } from './static-ffmpeg.mjs';
import { ensurePrograms } from './system-packages.mjs';
import { main, runToEnd } from './terminal.mjs';

await main(async () => {
  ensureNodePackages();
  ensurePrograms(process.env.FFMPEG_PATH ? {} : { ffmpeg: 'ffmpeg' });
  ensurePythonPackages('training/requirements.txt');
  preferStaticFfmpeg();
  useFoundPrograms();
  const env = { ...process.env, PYTHONPATH: path.join(root, 'training') };
  process.exitCode = await runToEnd(python, ['-m', ...process.argv.slice(2)], { cwd: root, env });
});
