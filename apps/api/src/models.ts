import { viewServing, type BundleRef, type ServingView } from '@bonafide/contracts';
import {
  changeServing,
  createShelf,
  haveChecked,
  readServing,
  verifyFiles,
  wakeServing,
  type ServingChange,
  type Shelf,
} from '@bonafide/platform';
import type { ApiContext } from './context';

export type ModelSources = Pick<ApiContext, 'records' | 'redis' | 'queues' | 'log'> & { shelf: Shelf };

export function modelSources({ config, store, ...context }: ApiContext): ModelSources {
  const { records, redis, queues, log } = context;
  return { records, redis, queues, log, shelf: createShelf(config.analysis.modelsDir, store) };
}

/** What somebody wants to serve, by version. */
export type ServingWish =
  | { action: 'activate'; version: string }
  | { action: 'rollback' }
  | { action: 'shadow'; version: string | null }
  | { action: 'canary'; version: string | null; share: number };

/**
 * Has another bundle serve. It is looked at whole, and loaded by a worker, before anything changes.
 * @throws CodedError `bundle_refused`, `not_found`, `conflict`, `unavailable`
 */
export async function wishServing(
  sources: ModelSources,
  wish: ServingWish,
  by: string,
): Promise<ServingView> {
  const change = await checkedChange(sources, wish);
  const revision = await changeServing(sources, change, by);
  sources.log.info(
    { action: wish.action, by, model_version: revision.active.version },
    'what serves was changed',
  );
  await wakeServing(sources.redis);
  return viewServing(revision);
}

async function checkedChange(sources: ModelSources, wish: ServingWish): Promise<ServingChange> {
  if (wish.action === 'rollback') return wish;
  if (wish.version === null) {
    return wish.action === 'shadow'
      ? { action: 'shadow', bundle: null }
      : { action: 'canary', bundle: null, share: 0 };
  }
  const bundle = await goodBundle(sources, wish.version);
  return wish.action === 'canary'
    ? { action: 'canary', bundle, share: wish.share }
    : { action: wish.action, bundle };
}

/**
 * A bundle that somebody wants to have answer, looked at whole and loaded by a worker.
 * @throws CodedError `bundle_refused`, `not_found`, `unavailable`
 */
export async function goodBundle(sources: ModelSources, version: string): Promise<BundleRef> {
  const bundle = await sources.shelf.find(version);
  await verifyFiles(bundle);
  await haveChecked(sources, bundle.ref);
  return bundle.ref;
}

/** The version that is to answer; null where the store cannot say. */
export async function activeVersion(
  sources: Pick<ModelSources, 'records' | 'shelf'>,
): Promise<string | null> {
  return readServing(sources).then(
    ({ active }) => active.version,
    () => null,
  );
}
