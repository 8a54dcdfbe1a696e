/** Debian packages without root: downloaded with all they need, unpacked, and started with their own libraries. */
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tools, toolsBin } from './paths.mjs';
import { capture, say } from './terminal.mjs';

export const unpackedRoot = path.join(tools, 'debian');

/** True when the packages and the libraries they need are unpacked and their programs have starters. */
export function unpackDebianPackages(packages) {
  const downloads = path.join(tools, 'debs');
  mkdirSync(path.join(downloads, 'partial'), { recursive: true });
  mkdirSync(unpackedRoot, { recursive: true });
  const names = missingClosure(packages, []) ?? missingClosure(packages, ownLists());
  if (!names) return false;
  say(`downloading ${names.packages.length} packages: ${packages.join(', ')} and what they need`);
  if (capture('apt-get', [...names.options, 'download', ...names.packages], { cwd: downloads }) === undefined)
    return false;
  for (const file of readdirSync(downloads).filter((each) => each.endsWith('.deb')))
    if (capture('dpkg', ['-x', path.join(downloads, file), unpackedRoot]) === undefined) return false;
  writeStarters();
  return true;
}

/** What apt would install, found by simulation, which needs no right. Undefined when its lists lack a package. */
function missingClosure(packages, options) {
  const plan = capture('apt-get', [...options, 'install', '-s', '--no-install-recommends', ...packages]);
  if (plan === undefined) return undefined;
  return { options, packages: [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]) };
}

/** Package lists of our own, for a machine whose lists were never fetched or are gone. */
function ownLists() {
  const state = path.join(tools, 'apt');
  mkdirSync(path.join(state, 'lists', 'partial'), { recursive: true });
  mkdirSync(path.join(state, 'cache', 'archives', 'partial'), { recursive: true });
  const options = ['-o', `Dir::State::lists=${state}/lists`, '-o', `Dir::Cache=${state}/cache`];
  capture('apt-get', [...options, 'update', '-qq']);
  return options;
}

/** A starter a program: Debian's alternatives and loader settings are not there, so the folders are named. */
function writeStarters() {
  mkdirSync(toolsBin, { recursive: true });
  const libraryPath = libraryFolders(path.join(unpackedRoot, 'usr/lib')).concat(
    libraryFolders(path.join(unpackedRoot, 'lib')),
  );
  for (const program of readdirSync(path.join(unpackedRoot, 'usr/bin'))) {
    const starter = path.join(toolsBin, program);
    const target = path.join(unpackedRoot, 'usr/bin', program);
    writeFileSync(starter, `#!/bin/sh\nLD_LIBRARY_PATH='${libraryPath.join(':')}' exec '${target}' "$@"\n`);
    chmodSync(starter, 0o755);
  }
}

/** All folders below that hold shared libraries, the nearest first. */
function libraryFolders(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder);
  const here = entries.some((name) => /\.so(\.|$)/.test(name)) ? [folder] : [];
  const below = entries
    .map((name) => path.join(folder, name))
    .filter((each) => lstatSync(each).isDirectory());
  return [...here, ...below.flatMap(libraryFolders)];
}
