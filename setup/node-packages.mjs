import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';
import { run, say } from './terminal.mjs';

const packagesOf = (file) => {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;
  } catch {
    return {};
  }
};

/**
 * npm writes what it really installed into node_modules/.package-lock.json; compared with the lock file
 * that tells a missing, half-finished or outdated installation without asking npm (which takes a second).
 * Optional packages are those of other platforms.
 */
function nodePackagesAreCurrent() {
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.entries(packagesOf('package-lock.json'))
    .filter(([place, wanted]) => place.startsWith('node_modules/') && !wanted.optional)
    .every(([place, wanted]) => installed[place] && installed[place].version === wanted.version);
}

/** Installs exactly the lock file, when node_modules is anything else. */
export async function ensureNodePackages() {
  if (nodePackagesAreCurrent()) return;
  say('installing the node packages of package-lock.json (npm ci)');
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root });
}
