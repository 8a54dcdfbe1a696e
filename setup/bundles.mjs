/** One file an app, so that a process is up in a fraction of a second and an image needs no sources. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { cache, isStamped, root, sha256, stamp } from './paths.mjs';
import { say } from './terminal.mjs';

const APPS = ['api', 'worker', 'standalone'];
/** The ONNX runtime is a native library beside its own script: it stays in node_modules. */
const EXTERNAL = ['onnxruntime-node'];

const bundleOf = (app) => path.join(root, 'apps', app, 'dist', 'main.js');

/** Builds the bundles when any source, or a dependency's version, changed since the last build. */
export async function ensureBundles() {
  const stampFile = path.join(cache, 'bundles.sha256');
  const digest = sha256(JSON.stringify(inputs()));
  if (isStamped(stampFile, digest) && APPS.every((app) => existsSync(bundleOf(app)))) return;
  say('building');
  await buildBundles();
  stamp(stampFile, digest);
}

export async function buildBundles() {
  const esbuild = await import('esbuild');
  await Promise.all(APPS.map((app) => esbuild.build(optionsOf(app))));
  await esbuild.stop();
}

const optionsOf = (app) => ({
  entryPoints: [path.join(root, 'apps', app, 'src', 'main.ts')],
  outfile: bundleOf(app),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  conditions: ['source'],
  external: EXTERNAL,
  sourcemap: 'linked',
  sourcesContent: false,
  keepNames: true,
  logLevel: 'error',
});

/** Path, size and time of every file that goes into a bundle. */
function inputs() {
  const sources = ['apps', 'packages'].flatMap((kind) =>
    readdirSync(path.join(root, kind)).map((name) => path.join(root, kind, name, 'src')),
  );
  const files = sources.filter((folder) => existsSync(folder)).flatMap(filesBelow);
  const lock = path.join(root, 'package-lock.json');
  return [...files, lock].map((file) => [file, statSync(file).size, statSync(file).mtimeMs]);
}

const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
