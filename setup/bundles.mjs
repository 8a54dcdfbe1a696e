/** One file an app, so that a process is up in a fraction of a second and an image needs no sources. */
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { cache, isStamped, root, sha256, stamp } from './paths.mjs';
import { say } from './terminal.mjs';

const APPS = ['api', 'worker', 'standalone'];
const web = path.join(root, 'apps', 'web');
const webPage = path.join(web, 'dist', 'index.html');
/** Programs for the operator that an image needs as well. */
const PROGRAMS = ['feedback', 'keys', 'models', 'queues', 'recover'].map((name) => `cli/${name}`);
const ENTRIES = [...APPS.map((app) => `${app}/main`), ...PROGRAMS];
/** The ONNX runtime is a native library beside its own script: it stays in node_modules. */
const EXTERNAL = ['onnxruntime-node'];

/** `folder/name`, from sources to bundle. */
const fileOf = (entry, folder, ending) =>
  path.join(root, 'apps', path.dirname(entry), folder, path.basename(entry) + ending);
const bundleOf = (entry) => fileOf(entry, 'dist', '.js');

/** Builds the bundles when any source, or a dependency's version, changed since the last build. */
export async function ensureBundles() {
  const stampFile = path.join(cache, 'bundles.sha256');
  const digest = sha256(JSON.stringify(inputs()));
  const outputs = [...ENTRIES.map(bundleOf), webPage];
  if (isStamped(stampFile, digest) && outputs.every((file) => existsSync(file))) return;
  say('building');
  await buildBundles();
  stamp(stampFile, digest);
}

export async function buildBundles() {
  const esbuild = await import('esbuild');
  await Promise.all([...ENTRIES.map((entry) => esbuild.build(optionsOf(entry))), buildPages()]);
  await esbuild.stop();
}

/** The web pages, as static files that the API serves; put in place at once, so that no API reads half of them. */
async function buildPages() {
  const vite = await import('vite');
  const outDir = path.join(cache, `pages-${process.pid}`);
  const configFile = path.join(web, 'vite.config.ts');
  await vite.build({ root: web, configFile, build: { outDir, emptyOutDir: true } });
  rmSync(path.dirname(webPage), { recursive: true, force: true });
  renameSync(outDir, path.dirname(webPage));
}

const optionsOf = (entry) => ({
  entryPoints: [fileOf(entry, 'src', '.ts')],
  outfile: bundleOf(entry),
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
  const ofWeb = ['build', 'public'].map((name) => path.join(web, name));
  const files = [...sources, ...ofWeb].filter((folder) => existsSync(folder)).flatMap(filesBelow);
  const single = ['index.html', 'vite.config.ts'].map((name) => path.join(web, name));
  const lock = path.join(root, 'package-lock.json');
  return [...files, ...single, lock].map((file) => [file, statSync(file).size, statSync(file).mtimeMs]);
}

const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
