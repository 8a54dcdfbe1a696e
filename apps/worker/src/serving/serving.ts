import { createHash } from 'node:crypto';
import type { BundleRef, Manifest } from '@bonafide/contracts';
import type { Detector } from '@bonafide/pipeline';
import { isSameBundle, watchServing, type RedisConnection } from '@bonafide/platform';
import { createDetectorPool, type Lease } from './detector-pool';
import { isRefusal } from './load-bundle';
import { createSpares } from './spares';
import { beginServing, refsOf, takeUp, type TakingUp } from './take-up';

/** Why this bundle answers: it is the active one, the canary has its share, or it was asked for by name. */
export type AnswerRole = 'active' | 'canary' | 'pinned';
export type AnswerLease = Lease & { role: AnswerRole };

/** The bundles that this process answers with. A change takes hold between jobs: one in hand keeps its own. */
export type Serving = {
  /** @throws CodedError `bundle_refused`, `not_found` where a version is asked for that cannot be had */
  lease(job: { analysisId: string; version?: string }): Promise<AnswerLease>;
  /** Null where there is no shadow. */
  leaseShadow(): Promise<Lease | null>;
  /** Of the active bundle. */
  manifest(): Manifest;
  /** Why this process does not run what it was told to; undefined where it does. */
  refusal(): string | undefined;
  /** Loads a bundle that somebody wants to serve. @returns what is wrong with it, or null */
  check(ref: BundleRef): Promise<string | null>;
  stop(): Promise<void>;
};

type Sources = Omit<TakingUp, 'pool' | 'spares'> & {
  redis: RedisConnection;
  load: (ref: BundleRef) => Promise<Detector>;
};

/** @throws CodedError where no bundle at all can be loaded */
export async function openServing(sources: Sources): Promise<Serving> {
  const pool = createDetectorPool(sources.load);
  const spares = createSpares(() => void keep());
  const taking = { ...sources, pool, spares };
  const begun = await beginServing(taking);
  let { served } = begun;
  const keep = () => pool.keep([...refsOf(served), ...spares.refs()]);
  const watched = { ...sources, serving: sources.records.serving };
  const watch = watchServing(watched, begun.seen, async (state) => {
    const { active: before } = served;
    served = await takeUp(taking, served, state);
    if (!isSameBundle(before, served.active)) spares.replaced(before);
    await keep();
  });
  const takeSpare = async (ref: BundleRef): Promise<Lease> => {
    const lease = await pool.take(ref);
    spares.asked(ref);
    await keep();
    return lease;
  };
  return {
    lease: async ({ analysisId, version }) => {
      const { active, canary } = served;
      if (version === active.version) return { ...(await pool.take(active)), role: 'pinned' };
      if (version !== undefined) {
        const { ref } = await sources.shelf.find(version);
        return { ...(await takeSpare(ref)), role: 'pinned' };
      }
      if (canary && placeOf(analysisId) < canary.share)
        return { ...(await pool.take(canary)), role: 'canary' };
      return { ...(await pool.take(active)), role: 'active' };
    },
    leaseShadow: async () => (served.shadow ? pool.take(served.shadow) : null),
    manifest: () => served.manifest,
    refusal: () => served.refusal,
    check: async (ref) => {
      try {
        (await takeSpare(ref)).release();
        return null;
      } catch (error) {
        return refusalOf(error);
      }
    },
    stop: async () => {
      spares.clear();
      await watch.stop();
      await pool.close();
    },
  };
}

/** @throws what is no refusal */
function refusalOf(error: unknown): string {
  if (isRefusal(error)) return error.message;
  throw error;
}

/** Of an analysis among all, 0 to 1: the same each time, so that one that is tried again has the same bundle. */
export function placeOf(analysisId: string): number {
  return createHash('sha256').update(analysisId).digest().readUInt32BE() / 2 ** 32;
}
