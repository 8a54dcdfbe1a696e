import { z } from 'zod';

const count = z.number().int().min(0);

/** Body of `GET /v1/queues`: what waits, runs and was put off, by queue, and how many analyses a minute end. */
export const queuesSchema = z.object({
  queues: z.record(z.string(), z.object({ waiting: count, active: count, delayed: count, failed: count })),
  /** Jobs of the queue that ended in the last minutes, a minute. */
  rates: z.record(z.string(), z.number().min(0)),
});

export type QueueCounts = z.infer<typeof queuesSchema>;
