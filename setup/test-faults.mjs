/** `npm run test:faults`: the same set-up as `npm test`, then the fault suites in full. More words name files. */
import { ensureService } from './bundles.mjs';
import { ensureNodePackages } from './node-packages.mjs';
import { ensureObjectStoreServer, weed } from './object-store-server.mjs';
import { root, useFoundPrograms } from './paths.mjs';
import { preferStaticFfmpeg } from './static-ffmpeg.mjs';
import { ensurePrograms } from './system-packages.mjs';
import { main, runToEnd } from './terminal.mjs';

await main(async () => {
  await ensureNodePackages();
  await ensurePrograms({ 'redis-server': 'redis-server', ffmpeg: 'ffmpeg', openssl: 'openssl' });
  await preferStaticFfmpeg();
  await ensureObjectStoreServer();
  await ensureService();
  useFoundPrograms();
  const env = {
    ...process.env,
    FAULTS: 'full',
    BONAFIDE_TEST_BUILT: '1',
    BONAFIDE_TEST_WEED: process.env.BONAFIDE_TEST_WEED ?? weed,
  };
  const jest = ['node_modules/jest/bin/jest.js', '--ci', '--selectProjects', 'faults', '--runInBand'];
  const args = [...jest, '--testTimeout=1800000', ...process.argv.slice(2)];
  process.exitCode = await runToEnd(process.execPath, args, { cwd: root, env });
});
