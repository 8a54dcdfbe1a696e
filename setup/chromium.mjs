/**
 * The browser of the tests: the system's, or one unpacked beside our other tools. Debian's shell without a window is
 * the same engine, smaller to install and lighter to run.
 */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unpackedRoot } from './debian-unpacked.mjs';
import { findProgram, isExecutable, toolsBin } from './paths.mjs';
import { installPackages } from './system-packages.mjs';
import { say, SetupError } from './terminal.mjs';

const SHELL = 'chromium-headless-shell';
const NAMES = [SHELL, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ON_MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
/** The browser draws nothing readable without it. */
const FONT = 'fonts-dejavu-core';

/** The path of a Chromium that starts, installed from the distribution where there is none. */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  say('missing on this machine: a Chromium for the tests of the pages');
  await installChromium();
  const installed = findChromium();
  if (!installed) throw new SetupError('no Chromium can be found after it went in');
  return installed;
}

async function installChromium() {
  try {
    await installPackages([SHELL, FONT]);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`no ${SHELL} is to be had here: trying the whole browser`);
    await installPackages(['chromium', FONT]);
  }
}

function findChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  for (const name of [SHELL, 'chromium']) startUnpacked(name);
  return NAMES.map(findProgram).find(Boolean) ?? (isExecutable(ON_MAC) ? ON_MAC : undefined);
}

/** Debian's own starter looks for the program below /usr: ours is told where it was unpacked. */
function startUnpacked(name) {
  const unpacked = path.join(unpackedRoot, 'usr/lib/chromium', name);
  if (!existsSync(unpacked)) return;
  const starter = path.join(toolsBin, name);
  const text = readFileSync(starter, 'utf8');
  writeFileSync(starter, text.replace(path.join(unpackedRoot, 'usr/bin', name), unpacked));
  chmodSync(starter, 0o755);
}
