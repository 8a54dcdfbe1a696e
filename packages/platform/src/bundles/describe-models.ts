import {
  viewServing,
  type BundleRole,
  type ModelsView,
  type ServingRevision,
  type ServingState,
} from '@bonafide/contracts';
import type { ServingRecords } from '../records/serving';
import { liveWorkers } from '../redis/heartbeats';
import type { RedisConnection } from '../redis/connections';
import { readServing } from './serving-state';
import type { Shelf } from './shelf';

const SHOWN_CHANGES = 50;

type Sources = { records: { serving: ServingRecords }; shelf: Shelf; redis: RedisConnection | null };

/** All bundles, what serves, who runs it, and how it came to that. */
export async function describeModels({ records, shelf, redis }: Sources): Promise<ModelsView> {
  const [serving, { bundles, unusable }] = await Promise.all([readServing({ records, shelf }), shelf.list()]);
  const history: ServingRevision[] = [];
  for await (const { doc } of records.serving.from(Math.max(0, serving.revision - SHOWN_CHANGES)))
    history.push(doc);
  const workers = redis?.status === 'ready' ? await liveWorkers(redis) : [];
  return {
    serving: viewServing(serving),
    bundles: bundles.map(({ ref, place, manifest }) => ({
      ...ref,
      created_at: manifest.created_at,
      feature_version: manifest.feature_version,
      members: manifest.members.map(({ name }) => name),
      place,
      role: roleOf(ref.digest, serving),
    })),
    unusable,
    workers: workers.map(({ host, pid, model_version, refused }) => ({
      worker: `${host}:${pid}`,
      model_version,
      refused: refused ?? null,
    })),
    history: history.reverse().map((revision) => ({
      ...viewServing(revision),
      at: revision.at,
      by: revision.by,
      action: revision.action,
    })),
  };
}

function roleOf(digest: string, { active, shadow, canary, previous }: ServingState): BundleRole | null {
  if (active.digest === digest) return 'active';
  if (canary?.digest === digest) return 'canary';
  if (shadow?.digest === digest) return 'shadow';
  return previous.some((ref) => ref.digest === digest) ? 'previous' : null;
}
