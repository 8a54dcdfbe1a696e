/** `npm run build`: the node packages of the lock file, then the bundles of the programs and the web pages. */
import { buildBundles, buildPages } from './bundles.mjs';
import { ensureNodePackages } from './node-packages.mjs';
import { main } from './terminal.mjs';

await main(async () => {
  await ensureNodePackages();
  await Promise.all([buildBundles(), buildPages()]);
});
