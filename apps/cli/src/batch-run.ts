import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ProblemError, type Client } from '@bonafide/client';
import type { Batch, BatchOptions } from '@bonafide/contracts';
import type { BatchArguments } from './batch-arguments';
import { freshState, readState, removeState, writeState, type BatchState } from './batch-state';
import { findSources, uploadAll, type Source } from './batch-uploads';
import { createProgressBar } from './progress-bar';

const LONGEST_BATCH_SEC = 14 * 86_400;

type Run = { args: BatchArguments; client: Client; signal: AbortSignal };

/** Upload, hand over, follow, report; whatever an earlier run did is not done again. */
export async function runBatch(run: Run): Promise<Batch> {
  const { args, client, signal } = run;
  const state = (await readState(args.stateFile, args.server)) ?? freshState(args.server);
  const known = state.batch_id === null ? null : await find(client, state.batch_id, signal);
  const id = known?.id ?? (await handOver(run, state)).id;
  const batch = await follow(run, id);
  if (args.out) {
    const report = await client.batches.report(id, args.out.format, { signal });
    await pipeline(
      Readable.fromWeb(report as Parameters<typeof Readable.fromWeb>[0]),
      createWriteStream(args.out.file),
    );
  }
  await removeState(args.stateFile);
  return batch;
}

/** One that was deleted, or belongs to another key, is none. */
async function find(client: Client, id: string, signal: AbortSignal): Promise<Batch | null> {
  return client.batches.get(id, { signal }).catch((error: unknown) => {
    if (error instanceof ProblemError && error.problem.code === 'not_found') return null;
    throw error;
  });
}

async function handOver({ args, client, signal }: Run, state: BatchState): Promise<Batch> {
  const { kind, sources } = await findSources(args.target);
  if (state.batch_id !== null) Object.assign(state, freshState(args.server));
  const bar = createProgressBar(process.stderr, 'upload ');
  const onProgress = (done: number) => bar.show(done / sources.length, `${done} of ${sources.length} files`);
  const { stateFile } = args;
  await uploadAll(sources, { client, state, stateFile, signal, onProgress }).finally(() => bar.end());
  const options: BatchOptions = args.label === undefined ? {} : { label: args.label };
  const batch = await client.batches
    .create(
      {
        ...options,
        ...(kind === 'archive' ? archiveOf(state) : { items: sources.map((each) => itemOf(each, state)) }),
      },
      { idempotencyKey: state.idempotency_key, signal },
    )
    .catch(async (error: unknown) => {
      // What is no archive will not become one: there is nothing to go on with.
      if (error instanceof ProblemError && error.problem.code === 'not_an_archive')
        await removeState(stateFile);
      throw error;
    });
  state.batch_id = batch.id;
  await writeState(stateFile, state);
  return batch;
}

const archiveOf = ({ uploads }: BatchState) => ({ upload_id: uploads[''].upload_id });

/** The path within the folder is the name under which everything about the file is found again. */
function itemOf({ path }: Source, { uploads }: BatchState) {
  return { upload_id: uploads[path].upload_id, custom_id: path.slice(-200) };
}

async function follow({ client, signal }: Run, id: string): Promise<Batch> {
  const bar = createProgressBar(process.stderr, 'analyse');
  const onProgress = ({ progress, counters, expected_end }: Batch) => {
    const ended = counters.succeeded + counters.failed + counters.skipped + counters.canceled;
    const left = expected_end === null ? '' : `, until about ${new Date(expected_end).toLocaleTimeString()}`;
    bar.show(
      progress,
      `${ended} of ${counters.total}, ${counters.cloned} cloned, ${counters.failed} failed${left}`,
    );
  };
  return client.batches
    .wait(id, { timeoutSec: LONGEST_BATCH_SEC, signal, onProgress })
    .finally(() => bar.end());
}
