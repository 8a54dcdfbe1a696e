/**
 * `npm test`: the same set-up as `npm start`, then every suite; the last line counts them all. What comes from different
 * places is fetched at once, and the checks begin as soon as the node packages are there.
 */
import { ensureService } from './bundles.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureNodePackages } from './node-packages.mjs';
import { ensureObjectStoreServer, weed } from './object-store-server.mjs';
import { useFoundPrograms } from './paths.mjs';
import { ensurePythonPackages } from './python-venv.mjs';
import { runChecks, runJest, runPytest, sum } from './suites.mjs';
import { preferStaticFfmpeg } from './static-ffmpeg.mjs';
import { ensurePrograms } from './system-packages.mjs';
import { main, tellsItself, together } from './terminal.mjs';

/** Answers the running checks, which last longer than the building. */
async function buildAndCheck() {
  await ensureNodePackages();
  const checks = runChecks();
  await ensureService();
  return { checks };
}

/** One Python environment: one after the other. */
async function ensurePythonTools() {
  await preferStaticFfmpeg();
  await ensureObjectStoreServer();
  await ensurePythonPackages('training/requirements-test.txt');
}

const USAGE = `npm test

Installs what is missing, builds, and runs the checks and all suites; the last line counts them. It takes no options:
npx jest FILE runs one suite of what is built.`;

await main(async () => {
  if (tellsItself(USAGE)) return;
  const [{ checks }, , chromium] = await together([
    buildAndCheck(),
    ensurePrograms({ 'redis-server': 'redis-server', ffmpeg: 'ffmpeg', openssl: 'openssl' }),
    ensureChromium(),
    ensurePythonTools(),
  ]);
  useFoundPrograms();
  process.env.BONAFIDE_TEST_BUILT = '1';
  process.env.BONAFIDE_TEST_WEED ??= weed;
  process.env.CHROMIUM_PATH ??= chromium;
  const { passed, failed } = sum(await Promise.all([checks, runPytest(), runJest()]));
  if (failed > 0) process.exitCode = 1;
  console.log(`${passed} passed, ${failed} failed`);
});
