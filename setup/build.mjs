/** `npm run build`: the node packages of the lock file, then the bundles of the apps. */
import { buildBundles } from './bundles.mjs';
import { ensureNodePackages } from './node-packages.mjs';
import { main } from './terminal.mjs';

await main(async () => {
  ensureNodePackages();
  await buildBundles();
});
