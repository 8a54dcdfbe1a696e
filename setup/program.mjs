/** `node setup/program.mjs FILE ARG…`: runs a TypeScript program of ours, after installing what it lacks. */
import { ensureNodePackages } from './node-packages.mjs';
import { root, useFoundPrograms } from './paths.mjs';
import { preferStaticFfmpeg } from './static-ffmpeg.mjs';
import { ensurePrograms } from './system-packages.mjs';
import { main, runToEnd } from './terminal.mjs';

await main(async () => {
  ensureNodePackages();
  ensurePrograms(process.env.FFMPEG_PATH ? {} : { ffmpeg: 'ffmpeg' });
  preferStaticFfmpeg();
  useFoundPrograms();
  const args = ['--conditions=source', '--import', 'tsx', ...process.argv.slice(2)];
  process.exitCode = await runToEnd(process.execPath, args, { cwd: root });
});
