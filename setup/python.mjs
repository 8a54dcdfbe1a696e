/** `node setup/python.mjs MODULE ARG…`: runs a module of training/ in its own, pinned Python environment. */
import { ensureNodePackages } from './node-packages.mjs';
import { useFoundPrograms, root } from './paths.mjs';
import { ensurePythonPackages, python, trainingEnvironment } from './python-venv.mjs';
import { preferStaticFfmpeg } from './static-ffmpeg.mjs';
import { ensurePrograms } from './system-packages.mjs';
import { main, runToEnd, say, SetupError } from './terminal.mjs';

/** Modules that make fake speech of their own, and the Debian package of each program that they make it with. */
const MAKERS = ['bonafide_training.make_corpus', 'bonafide_training.train'];
const ENGINES = { c2enc: 'codec2', flite: 'flite', 'espeak-ng': 'espeak-ng' };

/** Engines and vocoders; a corpus is also made without those that are not to be had. */
async function ensureEngines() {
  await ensurePythonPackages('training/requirements-no-deps.txt', undefined, ['--no-deps']);
  for (const [program, name] of Object.entries(ENGINES)) {
    try {
      await ensurePrograms({ [program]: name });
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      say(`going on without ${name}: ${error.message}`);
    }
  }
}

await main(async () => {
  await ensureNodePackages();
  await ensurePrograms(process.env.FFMPEG_PATH ? {} : { ffmpeg: 'ffmpeg' });
  await ensurePythonPackages('training/requirements.txt');
  if (MAKERS.includes(process.argv[2])) await ensureEngines();
  await preferStaticFfmpeg();
  useFoundPrograms();
  // The programs that the modules call in turn are meant from there too, wherever npm was called.
  // Threads that wait for one another by spinning keep each other off the cores where anything else runs.
  const env = { OMP_WAIT_POLICY: 'PASSIVE', ...trainingEnvironment(), INIT_CWD: root };
  process.exitCode = await runToEnd(python, ['-m', ...process.argv.slice(2)], { cwd: root, env });
});
