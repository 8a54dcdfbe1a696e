/** `npm start`: installs what is missing, builds what changed, then becomes the launcher of the whole system. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureBundles } from './bundles.mjs';
import { ensureNodePackages } from './node-packages.mjs';
import { useFoundPrograms, root } from './paths.mjs';
import { ensurePrograms } from './system-packages.mjs';
import { main } from './terminal.mjs';

const { REDIS_URL, FFMPEG_PATH } = process.env;

await main(async () => {
  ensureNodePackages();
  ensurePrograms({
    ...(!REDIS_URL && { 'redis-server': 'redis-server' }),
    ...(!FFMPEG_PATH && { ffmpeg: 'ffmpeg' }),
  });
  await ensureBundles();
  process.chdir(root);
  useFoundPrograms();
  createRequire(import.meta.url)(path.join(root, 'apps', 'standalone', 'dist', 'main.js'));
});
