/**
 * `npm test`: the same set-up as `npm start`, then every suite; the last line counts them all. The checks need the node
 * packages alone, and run beside the rest of the set-up, which mostly waits for downloads.
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
import { main } from './terminal.mjs';

await main(async () => {
  ensureNodePackages();
  const checks = runChecks();
  ensurePrograms({ 'redis-server': 'redis-server', ffmpeg: 'ffmpeg', openssl: 'openssl' });
  preferStaticFfmpeg();
  ensurePythonPackages('training/requirements-test.txt');
  ensureObjectStoreServer();
  const chromium = ensureChromium();
  await ensureService();
  useFoundPrograms();
  process.env.BONAFIDE_TEST_BUILT = '1';
  process.env.BONAFIDE_TEST_WEED ??= weed;
  process.env.CHROMIUM_PATH ??= chromium;
  const checked = await checks;
  const tested = await Promise.all([runPytest(), runJest()]);
  const { passed, failed } = sum([checked, ...tested]);
  if (failed > 0) process.exitCode = 1;
  console.log(`${passed} passed, ${failed} failed`);
});
