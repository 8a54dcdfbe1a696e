import { CodedError, type BundleRef, type ServingRevision, type ServingState } from '@bonafide/contracts';
import type { Redis } from 'ioredis';
import type { ServingRecords } from '../records/serving';
import { KEY_PREFIX } from '../redis/connections';
import { isSameBundle, type Shelf } from './shelf';

/** Wakes those who serve; what they then do is in the records, which they read now and then anyway. */
export const SERVING_CHANNEL = `${KEY_PREFIX}:serving`;

const KEPT_PREVIOUS = 20;

/** A change to what serves. What it names has been checked by whoever asks for it. */
export type ServingChange =
  | { action: 'activate'; bundle: BundleRef }
  | { action: 'rollback' }
  | { action: 'shadow'; bundle: BundleRef | null }
  | { action: 'canary'; bundle: BundleRef | null; share: number };

type Sources = { records: { serving: ServingRecords }; shelf: Pick<Shelf, 'installed'> };

/** What serves now: the latest record, or, where nobody has chosen, what is installed. */
export async function readServing({ records, shelf }: Sources): Promise<ServingState> {
  const latest = await records.serving.latest();
  if (latest) return latest;
  const { ref } = await shelf.installed();
  return { revision: 0, active: ref, previous: [], shadow: null, canary: null };
}

/**
 * Records a change; it holds as soon as this returns.
 * @throws CodedError `conflict` where another change came between, or there is nothing to go back to
 */
export async function changeServing(
  sources: Sources,
  change: ServingChange,
  by: string,
): Promise<ServingRevision> {
  const now = await readServing(sources);
  const next = applyChange(now, change);
  const at = new Date().toISOString();
  const revision = { ...next, format: 1, revision: now.revision + 1, at, by, action: change.action } as const;
  if ((await sources.records.serving.append(revision)) === 'exists') {
    throw new CodedError('conflict', 'Somebody else changed what serves at the same moment');
  }
  return revision;
}

/** Lets every process look at once; without it they look within seconds. */
export async function wakeServing(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') return;
  await redis.publish(SERVING_CHANNEL, 'changed').catch(() => undefined);
}

type Next = Pick<ServingRevision, 'active' | 'previous' | 'shadow' | 'canary'>;

function applyChange({ active, previous, shadow, canary }: ServingState, change: ServingChange): Next {
  if (change.action === 'shadow') {
    refuseActive(change.bundle, active);
    return { active, previous, shadow: change.bundle, canary };
  }
  if (change.action === 'canary') {
    refuseActive(change.bundle, active);
    return { active, previous, shadow, canary: change.bundle && { ...change.bundle, share: change.share } };
  }
  if (change.action === 'rollback') {
    const [last, ...older] = previous;
    if (!last) throw new CodedError('conflict', 'There is nothing to go back to');
    // In an emergency nothing but what is known to be good is to answer.
    return { active: last, previous: older, shadow: unless(shadow, last), canary: null };
  }
  const { bundle } = change;
  if (isSameBundle(bundle, active)) return { active, previous, shadow, canary };
  return {
    active: bundle,
    previous: [active, ...previous].slice(0, KEPT_PREVIOUS),
    shadow: unless(shadow, bundle),
    canary: unless(canary, bundle),
  };
}

const unless = <T extends BundleRef>(one: T | null, other: BundleRef): T | null =>
  isSameBundle(one, other) ? null : one;

function refuseActive(bundle: BundleRef | null, active: BundleRef): void {
  if (bundle && isSameBundle(bundle, active)) {
    throw new CodedError('conflict', `${bundle.version} is the active bundle`);
  }
}
