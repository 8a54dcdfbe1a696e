import { z } from 'zod';
import { analysisRefSchema } from './identity';

/**
 * What every job is: its queue, the version of its payload, the payload (ids only: what a job is about is
 * read from the records) and how often it is tried when the fault is not the clip's.
 */
export const JOB_CATALOGUE = {
  'analysis.run': {
    queue: 'analyses',
    version: 1,
    payload: analysisRefSchema.extend({ request_id: z.string().optional() }),
    attempts: 4,
    backoffMs: 1_000,
  },
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
