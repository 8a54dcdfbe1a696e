import { reconcile, sweep } from '@bonafide/platform';
import { openUpkeep, runCommand } from './open-upkeep';
import { UsageError } from './usage-error';

const USAGE = `Compares everything in the store with the queues and the index of Redis, at once, and makes good what is
missing: unfinished work is queued, each once; ends that not all have heard of are told; the index is made again.
The workers do the same by themselves; this is for not waiting for them, say after Redis was lost.

  npm run recover [-- --json]
`;

runCommand(
  'recover',
  () => main(process.argv.slice(2)),
  (error) => error instanceof UsageError,
);

async function main(argv: readonly string[]): Promise<number> {
  if (argv.some((arg) => arg === '--help' || arg === '-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const unknown = argv.find((arg) => arg !== '--json');
  if (unknown !== undefined) throw new UsageError(`not understood: ${unknown}\n\n${USAGE}`);
  const { upkeep, close } = await openUpkeep();
  try {
    const { indexed, open, queued, announced, batches, deliveries } = await reconcile(upkeep, 'everything');
    const swept = await sweep(upkeep);
    const counts = { indexed, open, queued, announced, batches, deliveries, swept };
    process.stdout.write(argv.includes('--json') ? `${JSON.stringify(counts)}\n` : textOf(counts));
    return 0;
  } finally {
    await close();
  }
}

type Counts = Awaited<ReturnType<typeof reconcile>> & { swept: Awaited<ReturnType<typeof sweep>> };

function textOf({ indexed, open, queued, announced, batches, deliveries, swept }: Counts): string {
  const leftovers = Object.values(swept).reduce((sum, count) => sum + count, 0);
  const lines = [
    [indexed, 'analyses in the index'],
    [open, 'of them not ended, or their end not told to all'],
    [queued, 'queued again'],
    [announced, 'ends told'],
    [batches, 'batches queued again'],
    [deliveries, 'webhook deliveries pending'],
    [leftovers, 'leftovers removed'],
  ] as const;
  return lines.map(([count, what]) => `${String(count).padStart(8)}  ${what}\n`).join('');
}
