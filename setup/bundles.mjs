/**
 * One file a program: a process is up in a fraction of a second, holds a third less memory than one that reads the
 * sources, and an image needs none of them.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { cache, isStamped, root, sha256, stamp } from './paths.mjs';
import { mapOursAlone } from './source-map.mjs';
import { say } from './terminal.mjs';

const APPS = ['api', 'worker', 'standalone'];
const web = path.join(root, 'apps', 'web');
const webPage = path.join(web, 'dist', 'index.html');
/** The command line, and the processes that two of its programs start. */
const COMMANDS = [
  'analyze',
  'answers',
  'batch',
  'features',
  'feedback',
  'keys',
  'models',
  'queues',
  'recover',
];
const PROGRAMS = [...COMMANDS, 'analyze-child', 'features-child'];
const ENTRIES = [...APPS.map((app) => `${app}/main`), ...PROGRAMS.map((name) => `cli/${name}`)];
/** What starts a thread finds its program beside itself; apart from the runtime it needs nothing. */
const THREAD = path.join(root, 'packages/pipeline/src/inference/model-thread.js');
const THREAD_FOLDERS = ['worker', 'cli'].map((app) => path.join(root, 'apps', app, 'dist'));
/** How bundles are made is what goes into them, too. */
const RECIPE = ['bundles.mjs', 'source-map.mjs'].map((name) => path.join(root, 'setup', name));
/** The ONNX runtime is a native library beside its own script: it stays in node_modules. */
const EXTERNAL = ['onnxruntime-node'];

/** `folder/name`, from sources to bundle. */
const fileOf = (entry, folder, ending) =>
  path.join(root, 'apps', path.dirname(entry), folder, path.basename(entry) + ending);
const bundleOf = (entry) => fileOf(entry, 'dist', '.js');

/** The bundle of a source of ours, where it has one. */
export function bundleOfSource(file) {
  const entry = ENTRIES.find((candidate) => fileOf(candidate, 'src', '.ts') === path.resolve(root, file));
  return entry && bundleOf(entry);
}

/** Builds the bundles when any source, or a dependency's version, changed since the last build. */
export const ensureBundles = () =>
  ensureBuilt('bundles', inputs(), [...ENTRIES.map(bundleOf), ...THREAD_FOLDERS.map(threadIn)], buildBundles);

const threadIn = (folder) => path.join(folder, path.basename(THREAD));

/** Puts the program of the models' thread beside bundles that start it. */
export function addThread(folder) {
  const partial = `${threadIn(folder)}.${process.pid}`;
  copyFileSync(THREAD, partial);
  renameSync(partial, threadIn(folder));
}

/** The same for the bundles and the web pages: what a running service needs. */
export async function ensureService() {
  await ensureBundles();
  await ensureBuilt('pages', [...inputs(), ...inputsOfPages()], [webPage], buildPages);
}

async function ensureBuilt(what, from, outputs, build) {
  const stampFile = path.join(cache, `${what}.sha256`);
  const digest = sha256(JSON.stringify(from));
  if (isStamped(stampFile, digest) && outputs.every((file) => existsSync(file))) return;
  say(`building the ${what}`);
  await build();
  stamp(stampFile, digest);
}

/** Each file is put in place at once: another program may be starting from it. */
export async function buildBundles() {
  const esbuild = await import('esbuild');
  const outdir = path.join(cache, `bundles-${process.pid}`);
  await esbuild.build(optionsOf(outdir));
  for (const entry of ENTRIES) await mapOursAlone(path.join(outdir, `${entry}.js.map`));
  await esbuild.stop();
  for (const entry of ENTRIES) {
    mkdirSync(path.dirname(bundleOf(entry)), { recursive: true });
    for (const ending of ['.js.map', '.js'])
      renameSync(path.join(outdir, entry + ending), fileOf(entry, 'dist', ending));
  }
  THREAD_FOLDERS.forEach(addThread);
  rmSync(outdir, { recursive: true });
}

/** The web pages, as static files that the API serves; put in place at once, so that no API reads half of them. */
export async function buildPages() {
  const vite = await import('vite');
  const outDir = path.join(cache, `pages-${process.pid}`);
  const configFile = path.join(web, 'vite.config.ts');
  await vite.build({ root: web, configFile, build: { outDir, emptyOutDir: true } });
  rmSync(path.dirname(webPage), { recursive: true, force: true });
  renameSync(outDir, path.dirname(webPage));
}

/** All in one go: what they share is read once. Each for itself, side by side, they took 2.4 GB; so it is 0.8. */
const optionsOf = (outdir) => ({
  entryPoints: Object.fromEntries(ENTRIES.map((entry) => [entry, fileOf(entry, 'src', '.ts')])),
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  conditions: ['source'],
  external: EXTERNAL,
  sourcemap: 'linked',
  sourcesContent: false,
  keepNames: true,
  // Without comments: one letter beyond Latin-1 in them, and V8 holds the whole text at two bytes a letter.
  ...{ minifyWhitespace: true, lineLimit: 120 },
  logLevel: 'error',
});

/** What goes into a bundle: the sources of all but the pages, and the versions of what they use. */
function inputs() {
  const sources = ['apps', 'packages'].flatMap((kind) =>
    readdirSync(path.join(root, kind)).map((name) => path.join(root, kind, name, 'src')),
  );
  const ofPrograms = sources.filter((folder) => !folder.startsWith(web) && existsSync(folder));
  return described([...ofPrograms.flatMap(filesBelow), path.join(root, 'package-lock.json'), ...RECIPE]);
}

function inputsOfPages() {
  const folders = ['src', 'build', 'public']
    .map((name) => path.join(web, name))
    .filter((folder) => existsSync(folder));
  return described([
    ...folders.flatMap(filesBelow),
    ...['index.html', 'vite.config.ts'].map((name) => path.join(web, name)),
  ]);
}

/** Path, size and time of every file. */
const described = (files) => files.map((file) => [file, statSync(file).size, statSync(file).mtimeMs]);

const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
