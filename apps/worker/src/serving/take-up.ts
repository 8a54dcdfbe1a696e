import { CodedError, type BundleRef, type Manifest, type ServingState } from '@bonafide/contracts';
import { readServing, type Logger, type Records, type SharedMetrics, type Shelf } from '@bonafide/platform';
import type { DetectorPool } from './detector-pool';
import { isRefusal } from './load-bundle';
import type { Spares } from './spares';

/** What this process serves with, and why it is not what it was told to, where it is not. */
export type Served = {
  active: BundleRef;
  shadow: BundleRef | null;
  canary: (BundleRef & { share: number }) | null;
  manifest: Manifest;
  refusal?: string;
};

export type TakingUp = {
  records: Records;
  shelf: Shelf;
  metrics: SharedMetrics;
  log: Logger;
  pool: DetectorPool;
  /** What stays in memory beside all that serves, before and after. */
  spares: Pick<Spares, 'refs'>;
};

export const refsOf = ({
  active,
  shadow,
  canary,
}: Pick<Served, 'active' | 'shadow' | 'canary'>): BundleRef[] =>
  [active, shadow, canary].filter((ref) => ref !== null);

/**
 * Loads what is to serve now. Of a bundle that is refused the one before goes on; a shadow or canary that is
 * refused is left out.
 * @throws what is no refusal, such as a store that is away
 */
export async function takeUp(taking: TakingUp, served: Served, state: ServingState): Promise<Served> {
  await taking.pool.keep([...refsOf(served), ...refsOf(state), ...taking.spares.refs()]);
  const active = await tryLoad(taking, state.active);
  if (typeof active === 'string') return { ...served, refusal: active };
  const [shadow, canary] = [await tryLoad(taking, state.shadow), await tryLoad(taking, state.canary)];
  taking.log.info({ ...state.active, revision: state.revision }, 'a bundle serves');
  return {
    active: state.active,
    shadow: typeof shadow === 'string' ? null : state.shadow,
    canary: typeof canary === 'string' ? null : state.canary,
    manifest: active ?? served.manifest,
    refusal: [shadow, canary].find((loaded) => typeof loaded === 'string'),
  };
}

/**
 * What this process begins with: what is to serve; where that is refused what was active before, then what is
 * installed, and in the end what was installed before. `seen` is the revision from which on changes are to be heard.
 * @throws CodedError where nothing can be loaded
 */
export async function beginServing(taking: TakingUp): Promise<{ served: Served; seen: number }> {
  const state = await readServing(taking).catch((error: Error) => {
    taking.log.warn({ err: error }, 'what is to serve cannot be read: what is installed serves');
    return null;
  });
  const seen = state?.revision ?? 0;
  const refusals: string[] = [];
  for await (const active of candidates(taking.shelf, state)) {
    await taking.pool.keep([active]);
    const manifest = await tryLoad(taking, active).catch((error: Error) => error.message);
    if (manifest !== null && typeof manifest !== 'string') {
      const begun = { active, shadow: null, canary: null, manifest, refusal: refusals[0] };
      const isWanted = refusals.length === 0 && state !== null;
      return { served: isWanted ? await takeUp(taking, begun, state).catch(() => begun) : begun, seen };
    }
    refusals.push(manifest ?? '');
  }
  throw new CodedError('bundle_refused', refusals.join('; '));
}

/** Each once, however often it is named. */
async function* candidates(shelf: Shelf, state: ServingState | null): AsyncGenerator<BundleRef> {
  const tried = new Set<string>();
  const untried = ({ digest }: BundleRef) => !tried.has(digest) && tried.add(digest);
  yield* (state ? [state.active, ...state.previous] : []).filter(untried);
  yield* [(await shelf.installed()).ref].filter(untried);
  yield* (await shelf.fallbacks()).map(({ ref }) => ref).filter(untried);
}

/** What it is made of, what is wrong with it, or null where there is nothing to load. */
async function tryLoad(
  { pool, metrics, log }: TakingUp,
  ref: BundleRef | null,
): Promise<Manifest | string | null> {
  if (!ref) return null;
  try {
    const { detector, release } = await pool.take(ref);
    release();
    return detector.manifest;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    metrics.count('bonafide_bundle_refusals_total', { model_version: ref.version });
    log.error({ err: error, model_version: ref.version }, 'a bundle is refused; what served goes on');
    return error.message;
  }
}
