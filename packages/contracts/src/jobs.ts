import { z } from 'zod';
import { analysisRefSchema, batchRefSchema, deliveryRefSchema } from './identity';
import { bundleRefSchema } from './serving';

/** The HTTP request that a job goes back to, for the logs. */
const requestId = { request_id: z.string().optional() };
const analysis = { version: 1, payload: analysisRefSchema.extend(requestId), attempts: 4, backoffMs: 1_000 };
const batch = { version: 1, payload: batchRefSchema.extend(requestId), attempts: 6, backoffMs: 2_000 };
/** Comes again by itself, so it is not tried again. */
const recurring = {
  queue: 'maintenance',
  version: 1,
  payload: z.object({}),
  attempts: 1,
  backoffMs: 0,
} as const;

/**
 * What every job is: its queue, the version of its payload, the payload (ids only: what a job is about is read from
 * the records, or from what the index copies of them) and how often it is tried when the fault is not the clip's.
 */
export const JOB_CATALOGUE = {
  'analysis.run': { ...analysis, queue: 'analyses' },
  /** The same work for an entry of a batch: a queue of its own, so that it waits behind single submissions. */
  'analysis.run.bulk': { ...analysis, queue: 'bulk' },
  'batch.expand': { ...batch, queue: 'batches' },
  'batch.finish': { ...batch, queue: 'batches' },
  /** Its attempts follow the schedule of the deployment, kept in the delivery; these are for faults of ours. */
  'webhook.deliver': {
    queue: 'webhooks',
    version: 1,
    payload: deliveryRefSchema.extend(requestId),
    attempts: 10,
    backoffMs: 1_000,
  },
  /** Loads a bundle as a worker would, for whoever is about to have it serve and waits for the answer. */
  'bundle.check': {
    queue: 'maintenance',
    version: 1,
    payload: bundleRefSchema.extend({ check_id: z.uuid() }),
    attempts: 1,
    backoffMs: 0,
  },
  'maintenance.retention': recurring,
  'maintenance.reconcile': recurring,
  'maintenance.sweep': recurring,
  'maintenance.endpoints': recurring,
  'maintenance.monitoring': recurring,
} as const;

export type JobName = keyof typeof JOB_CATALOGUE;
export type JobPayload<N extends JobName> = z.infer<(typeof JOB_CATALOGUE)[N]['payload']>;
export type QueueName = (typeof JOB_CATALOGUE)[JobName]['queue'];

/** What lies in the queue: a payload and the version it was written by. */
export type JobEnvelope = { version: number; payload: unknown };

const envelopeSchema = z.object({ version: z.number().int(), payload: z.unknown() });

/** Wraps a payload for the queue. Throws ZodError when the caller passes something else than declared. */
export function sealJob<N extends JobName>(name: N, payload: JobPayload<N>): JobEnvelope {
  const { version, payload: schema } = JOB_CATALOGUE[name];
  return { version, payload: schema.parse(payload) };
}

/** Reads what came from the queue. Throws when name, version or payload are not of this catalogue. */
export function openJob<N extends JobName>(name: N, data: unknown): JobPayload<N> {
  const { version, payload } = envelopeSchema.parse(data);
  const entry = JOB_CATALOGUE[name];
  if (version !== entry.version) {
    throw new Error(`job ${name} has version ${version}; this process knows version ${entry.version}`);
  }
  return entry.payload.parse(payload) as JobPayload<N>;
}

/** Whether a name from the queue is one of the catalogue. */
export function isJobName(name: string): name is JobName {
  return Object.hasOwn(JOB_CATALOGUE, name);
}
