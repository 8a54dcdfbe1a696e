/** `npm start`: installs what is missing, builds what changed, then becomes the launcher of the whole system. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureService } from './bundles.mjs';
import { ensureNodePackages } from './node-packages.mjs';
import { useFoundPrograms, root } from './paths.mjs';
import { preferStaticFfmpeg } from './static-ffmpeg.mjs';
import { ensurePrograms } from './system-packages.mjs';
import { main, tellsItself, together } from './terminal.mjs';

const { REDIS_URL, FFMPEG_PATH } = process.env;

const USAGE = `npm start

Installs what is missing, builds, and runs the whole service on this machine until Ctrl-C. It takes no options: what
can be set stands in the environment, and .env.example names it all (PORT, DATA_DIR, WORKERS, REDIS_URL, …).`;

await main(async () => {
  if (tellsItself(USAGE)) return;
  await together([
    ensureNodePackages().then(ensureService),
    ensurePrograms({
      ...(!REDIS_URL && { 'redis-server': 'redis-server' }),
      ...(!FFMPEG_PATH && { ffmpeg: 'ffmpeg' }),
    }),
    preferStaticFfmpeg(),
  ]);
  process.chdir(root);
  useFoundPrograms();
  if (process.env.npm_lifecycle_event) endWithParent();
  createRequire(import.meta.url)(path.join(root, 'apps', 'standalone', 'dist', 'main.js'));
});

/** npm that is killed takes nobody along; its children would run on unseen. */
function endWithParent() {
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}
