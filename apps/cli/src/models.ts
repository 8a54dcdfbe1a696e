import { tmpdir } from 'node:os';
import { CodedError, viewServing } from '@bonafide/contracts';
import { BundleError, loadDetector } from '@bonafide/pipeline';
import {
  changeServing,
  compareModels,
  describeModels,
  putBundle,
  readFolderBundle,
  verifyFiles,
  wakeServing,
  withLocalFolder,
  type ServingChange,
  type ShelvedBundle,
} from '@bonafide/platform';
import { parseArguments, USAGE, type Arguments } from './models-arguments';
import { comparisonTable, modelsTable, servingSentence } from './models-table';
import { openModels, type OpenModels } from './open-models';
import { runCommand } from './open-upkeep';
import { UsageError } from './usage-error';

type Asked = Exclude<Arguments, { command: 'help' }>;
/** What the command answers: for programs, and for people. */
type Answer = { value: unknown; text: string };

runCommand(
  'models',
  () => main(process.argv.slice(2)),
  (error) => error instanceof UsageError || error instanceof CodedError || error instanceof BundleError,
);

async function main(argv: readonly string[]): Promise<number> {
  const args = parseArguments(argv);
  if (args.command === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const models = await openModels();
  try {
    const { value, text } = await perform(models, args);
    process.stdout.write(`${args.isJson ? JSON.stringify(value) : text}\n`);
    return 0;
  } finally {
    await models.close();
  }
}

async function perform(models: OpenModels, args: Asked): Promise<Answer> {
  if (args.command === 'list') {
    const value = await describeModels(models);
    return { value, text: modelsTable(value) };
  }
  if (args.command === 'show') {
    const { manifest, ref, place, name } = await models.shelf.find(args.version);
    const { features, distribution: _axes, parity: _parity, ...rest } = manifest;
    const value = { ...ref, place, name, manifest: { ...rest, features: features.length } };
    return { value, text: JSON.stringify(value, null, 2) };
  }
  if (args.command === 'compare') {
    const value = await compareModels(models, args);
    return { value, text: comparisonTable(value) };
  }
  if (args.command === 'add') return add(models, args.folder);
  const change = await checkedChange(models, args);
  const serving = viewServing(await changeServing(models, change, 'command line'));
  if (models.redis) await wakeServing(models.redis);
  return { value: serving, text: servingSentence(serving) };
}

async function add({ store }: OpenModels, folder: string): Promise<Answer> {
  const bundle = await readFolderBundle(folder);
  if (!bundle) throw new UsageError(`${folder} holds no manifest.json`);
  await checkLoads(bundle);
  const { version, digest } = bundle.ref;
  const outcome = await putBundle(store, bundle);
  const text =
    outcome === 'added' ? `${version} is in the store` : `${version} was in the store already, the very same`;
  return { value: { version, digest, outcome }, text };
}

type Changing = Extract<Asked, { command: 'activate' | 'rollback' | 'shadow' | 'canary' }>;

async function checkedChange(models: OpenModels, args: Changing): Promise<ServingChange> {
  if (args.command === 'rollback') return { action: 'rollback' };
  const bundle = args.version === null ? null : await models.shelf.find(args.version);
  if (bundle) await checkLoads(bundle);
  const ref = bundle?.ref ?? null;
  if (args.command === 'canary') return { action: 'canary', bundle: ref, share: args.share };
  if (args.command === 'shadow') return { action: 'shadow', bundle: ref };
  if (!ref) throw new UsageError('a version is needed');
  return { action: 'activate', bundle: ref };
}

/** As a worker would load it. @throws BundleError, CodedError `bundle_refused` */
async function checkLoads(bundle: ShelvedBundle): Promise<void> {
  await verifyFiles(bundle);
  await withLocalFolder(bundle, tmpdir(), async (modelsDir) => {
    const detector = await loadDetector({ modelsDir });
    await detector.close();
  });
}
