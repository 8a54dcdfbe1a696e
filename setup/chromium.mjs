/** The browser of the tests: the system's, or one unpacked beside our other tools. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unpackedRoot } from './debian-unpacked.mjs';
import { findProgram, isExecutable, toolsBin } from './paths.mjs';
import { installPackages } from './system-packages.mjs';
import { say, SetupError } from './terminal.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ON_MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
/** The browser draws nothing readable without a font. */
const PACKAGES = ['chromium', 'fonts-dejavu-core'];
const unpacked = path.join(unpackedRoot, 'usr/lib/chromium/chromium');
const starter = path.join(toolsBin, 'chromium');

/** The path of a Chromium that starts, installed from the distribution where there is none. */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  say('missing on this machine: a Chromium for the tests of the pages');
  installPackages(PACKAGES);
  const installed = findChromium();
  if (!installed) throw new SetupError(`no Chromium can be found after ${PACKAGES.join(', ')} went in`);
  return installed;
}

function findChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  if (existsSync(unpacked)) startUnpacked();
  return NAMES.map(findProgram).find(Boolean) ?? (isExecutable(ON_MAC) ? ON_MAC : undefined);
}

/** Debian's own starter looks for the program below /usr: ours is told where it was unpacked. */
function startUnpacked() {
  const text = readFileSync(starter, 'utf8');
  writeFileSync(starter, text.replace(path.join(unpackedRoot, 'usr/bin/chromium'), unpacked));
  chmodSync(starter, 0o755);
}
