import { readQueueStates, type QueueState, type Upkeep } from '@bonafide/platform';
import { openUpkeep, runCommand } from './open-upkeep';
import { parseArguments, USAGE, type Arguments } from './queues-arguments';
import { drainAnalyses } from './queues-drain';
import { queuesTable } from './queues-table';
import { UsageError } from './usage-error';

runCommand(
  'queues',
  () => main(process.argv.slice(2)),
  (error) => error instanceof UsageError,
);

async function main(argv: readonly string[]): Promise<number> {
  const args = parseArguments(argv);
  if (args === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const { upkeep, close } = await openUpkeep();
  try {
    const before = await perform(upkeep, args);
    const states = await statesOf(upkeep, args);
    const answer = { ...(before !== null && { [args.command]: before }), queues: states };
    process.stdout.write(args.isJson ? `${JSON.stringify(answer)}\n` : queuesTable(states));
    if (before !== null && !args.isJson) process.stdout.write(`\n${sentenceOf(args, before)}\n`);
    return 0;
  } finally {
    await close();
  }
}

/** Does what was asked. @returns how many jobs it was about, or null where none were counted */
async function perform(upkeep: Upkeep, { command, queues }: Arguments): Promise<number | null> {
  let count: number | null = null;
  for (const name of queues) {
    const queue = upkeep.queues.of(name);
    if (command === 'pause') await queue.pause();
    if (command === 'resume') await queue.resume();
    if (command === 'drain') count = (count ?? 0) + (await drainAnalyses(upkeep, name));
    if (command === 'retry-failed') {
      count = (count ?? 0) + (await queue.getFailedCount());
      await queue.retryJobs({ state: 'failed' });
    }
  }
  return count;
}

export type ShownState = QueueState & { isPaused: boolean };

async function statesOf({ queues, redis }: Upkeep, args: Arguments): Promise<ShownState[]> {
  const states = await readQueueStates(queues, redis);
  const wanted =
    args.command === 'status' ? states.filter(({ queue }) => args.queues.includes(queue)) : states;
  return Promise.all(
    wanted.map(async (state) => ({ ...state, isPaused: await queues.of(state.queue).isPaused() })),
  );
}

function sentenceOf({ command }: Arguments, count: number): string {
  return command === 'drain' ? `${count} analyses ended as canceled` : `${count} jobs are tried again`;
}
