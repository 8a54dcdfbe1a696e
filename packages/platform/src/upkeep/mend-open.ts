import type { AnalysisRef, QueueName, Submission } from '@bonafide/contracts';
import { inParallel } from '../batches/in-parallel';
import { refOf } from '../records/analyses';
import { execAll } from '../redis/connections';
import { createUpkeepMarks } from '../redis/upkeep-marks';
import { announceEnd } from './announce-end';
import type { Upkeep } from './upkeep';

/** `open`: looked at; `queued`: put into the queue again; `announced`: ends that now all have heard of. */
export type Mended = { open: number; queued: number; announced: number };

const CHUNK = 500;
const AT_A_TIME = 16;
const QUEUES: readonly QueueName[] = ['analyses', 'bulk'];

/** Sees to every analysis that has not ended, or whose end was not told to all, and that no job looks after. */
export async function mendOpen(upkeep: Upkeep): Promise<Mended> {
  const marks = createUpkeepMarks(upkeep.redis);
  const result: Mended = { open: 0, queued: 0, announced: 0 };
  for (let offset = 0; ; offset += CHUNK) {
    const refs = await marks.open(offset, CHUNK);
    const idle = await withoutJob(upkeep, refs);
    const ended = await inParallel(AT_A_TIME, idle, (ref) => mend(upkeep, ref));
    result.open += refs.length;
    result.queued += ended.filter((what) => what === 'queued').length;
    result.announced += ended.filter((what) => what === 'announced').length;
    if (refs.length < CHUNK) return result;
    // What has left the set moved the rest up.
    offset -= ended.filter((what) => what === 'announced' || what === 'gone').length;
  }
}

/** Asks Redis alone, so that a long queue costs the store nothing. */
async function withoutJob({ redis, queues }: Upkeep, refs: AnalysisRef[]): Promise<AnalysisRef[]> {
  if (refs.length === 0) return [];
  const commands = redis.pipeline();
  for (const { analysis_id } of refs) {
    for (const queue of QUEUES)
      commands.hmget(queues.of(queue).toKey(analysis_id), 'timestamp', 'finishedOn');
  }
  const replies = (await execAll(commands)) as [string | null, string | null][];
  const isAlive = ([addedAt, finishedAt]: [string | null, string | null]) =>
    addedAt !== null && finishedAt === null;
  return refs.filter((_ref, place) => {
    const own = replies.slice(place * QUEUES.length, (place + 1) * QUEUES.length);
    return !own.some(isAlive);
  });
}

async function mend(upkeep: Upkeep, ref: AnalysisRef): Promise<'queued' | 'announced' | 'gone' | 'left'> {
  const { records, index, log, config, redis } = upkeep;
  // Nobody is to hear of it any more; the sweep sees to the rest.
  if (await createUpkeepMarks(redis).isDeleted(ref)) return 'left';
  const [submission, outcome] = await Promise.all([records.submission(ref), records.outcome(ref)]);
  if (!submission) {
    await index.forget(ref, null);
    return 'gone';
  }
  const { request_id } = submission;
  if (outcome) {
    await announceEnd(upkeep, submission, outcome);
    log.info({ ...ref, request_id }, 'an end was told that not all had heard of');
    return 'announced';
  }
  const graceMs = config.maintenance.reconcileGraceSec * 1000;
  if (Date.now() - Date.parse(submission.created_at) < graceMs) return 'left';
  await queueAgain(upkeep, submission);
  log.warn({ ...ref, request_id }, 'an analysis without a job was queued again');
  return 'queued';
}

/** A job of this id that ended without an outcome would keep the new one away. */
export async function queueAgain({ queues }: Pick<Upkeep, 'queues'>, submission: Submission): Promise<void> {
  const { id, batch_id, request_id } = submission;
  const name = batch_id === undefined ? 'analysis.run' : 'analysis.run.bulk';
  const queue = queues.of(batch_id === undefined ? 'analyses' : 'bulk');
  const job = await queue.getJob(id);
  if (job && (job.finishedOn ?? 0) > 0) await job.remove();
  await queues.add(name, id, { ...refOf(submission), request_id });
}
