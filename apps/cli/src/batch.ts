import { createClient, ProblemError, UnexpectedAnswerError } from '@bonafide/client';
import type { Batch } from '@bonafide/contracts';
import { BATCH_USAGE, parseBatchArguments, type BatchArguments } from './batch-arguments';
import { runBatch } from './batch-run';
import { UsageError } from './usage-error';

type Exit = 0 | 1 | 2 | 130;

async function main(argv: readonly string[]): Promise<Exit> {
  const args = parseBatchArguments(argv);
  if (args === 'help') {
    process.stdout.write(BATCH_USAGE);
    return 0;
  }
  const stop = stopOnSignal();
  const client = createClient(args.server, { key: args.key });
  try {
    return conclude(await runBatch({ args, client, signal: stop }), args);
  } catch (error) {
    if (!stop.aborted) throw error;
    process.stderr.write('Stopped. What was handed over goes on; the same command goes on from here.\n');
    return 130;
  }
}

/** npm passes on a Ctrl-C that the terminal has sent to us already: both are one request. */
const ONE_REQUEST_MS = 1_000;

/** Aborted by the first request to stop; a later one ends the process at once. */
function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  let askedAtMs: number | undefined;
  const onSignal = () => {
    const nowMs = performance.now();
    if (askedAtMs !== undefined && nowMs - askedAtMs > ONE_REQUEST_MS) process.exit(130);
    askedAtMs ??= nowMs;
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return stop.signal;
}

/** What came out, in a few lines. */
function conclude(batch: Batch, { server, out }: BatchArguments): Exit {
  const { counters, status, error, links } = batch;
  const { total, succeeded, failed, skipped, cached, authentic, cloned, inconclusive } = counters;
  process.stdout.write(
    [
      `batch ${batch.id}: ${status}${error ? ` (${error.code}: ${error.message})` : ''}`,
      `  ${total} entries: ${succeeded} analysed (${cached} known already), ${failed} failed, ${skipped} skipped`,
      `  ${authentic} authentic, ${cloned} cloned, ${inconclusive} inconclusive`,
      `  report: ${out ? out.file : `${new URL(links.report, server).href}?format=csv`}`,
      '',
    ].join('\n'),
  );
  return status === 'completed' && failed === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (exit) => (process.exitCode = exit),
  (error: Error) => {
    process.stderr.write(`batch: ${explain(error)}\n`);
    if (error instanceof UsageError) process.stderr.write(`\n${BATCH_USAGE}`);
    process.exitCode = 2;
  },
);

function explain(error: Error): string | undefined {
  const isExpected =
    error instanceof UsageError || error instanceof ProblemError || error instanceof UnexpectedAnswerError;
  if (isExpected) return error.message;
  if (error.message === 'fetch failed') return 'the service cannot be reached; is it running?';
  return error.stack;
}
