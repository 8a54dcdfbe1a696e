/** redis-server, ffmpeg and what Python lacks, by the package manager of the system, saying what it does. */
import { findProgram } from './paths.mjs';
import { unpackDebianPackages } from './debian-unpacked.mjs';
import { capture, run, say, SetupError } from './terminal.mjs';

const BREW_NAMES = { 'redis-server': 'redis' };

/**
 * Makes the programs findable by `findProgram`. `programs` maps a program to its Debian package.
 * @throws SetupError with the exact line to run where nothing may be installed.
 */
export async function ensurePrograms(programs) {
  const missing = Object.entries(programs).filter(([program]) => !findProgram(program));
  if (missing.length === 0) return;
  const packages = missing.map(([, name]) => name);
  say(`missing on this machine: ${missing.map(([program]) => program).join(', ')}`);
  await installPackages(packages);
  const still = missing.filter(([program]) => !findProgram(program)).map(([program]) => program);
  if (still.length > 0)
    throw new SetupError(`${still.join(', ')} still cannot be found after ${packages.join(', ')} went in`);
}

let before = Promise.resolve();

/**
 * Installs Debian packages (or their Homebrew namesakes), or unpacks them privately where that is not allowed; one call
 * after the other, for a package manager runs once at a time.
 */
export function installPackages(packages) {
  const installing = before.then(() => install(packages));
  before = installing.catch(() => undefined);
  return installing;
}

async function install(packages) {
  if (findProgram('apt-get')) return installByApt(packages);
  if (findProgram('brew')) return installByBrew(packages.map((name) => BREW_NAMES[name] ?? name));
  throw new SetupError(
    `Neither apt-get nor Homebrew is here. Please install ${packages.join(' and ')} in your system's way, then try again.`,
  );
}

async function installByBrew(packages) {
  say(`brew install ${packages.join(' ')}`);
  await run('brew', ['install', ...packages]);
}

let listsAreFresh = false;

async function installByApt(packages) {
  const line = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const prefix = rootPrefix();
  if (!prefix) {
    say('no right to install for the whole machine: unpacking the same packages into .cache/tools instead');
    if (unpackDebianPackages(packages)) return;
    throw new SetupError(
      `Please have somebody with the right run this line, then try again:\n\n    sudo sh -c '${line}'\n`,
    );
  }
  const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  say([...prefix, line].join(' '));
  if (!listsAreFresh) await run(command, [...rest, 'update', '-qq']);
  listsAreFresh = true;
  await run(command, [...rest, 'install', '-y', '-qq', '--no-install-recommends', ...packages]);
}

/** How to act as root without being asked anything: directly, by sudo, or not at all (undefined). */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return findProgram('sudo') && capture('sudo', ['-n', 'true']) !== undefined ? ['sudo', '-n'] : undefined;
}
