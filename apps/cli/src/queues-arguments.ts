import { parseArgs } from 'node:util';
import { JOB_CATALOGUE, type QueueName } from '@bonafide/contracts';
import { UsageError } from './usage-error';

export const USAGE = `Shows and steers the queues of the running service (REDIS_URL, or the embedded Redis of DATA_DIR).

  npm run queues -- status                 what lies in each queue, and how long it has waited
  npm run queues -- pause [QUEUE…]         take no further jobs; those in hand are finished
  npm run queues -- resume [QUEUE…]        go on
  npm run queues -- drain [analyses|bulk]  end the analyses that wait as canceled
  npm run queues -- retry-failed [QUEUE…]  try jobs again that were given up

Queues: analyses (single submissions), bulk (entries of batches), batches, webhooks, maintenance; without a
name, all of them. What the records say is unfinished comes back by itself: only analyses can be drained, and
their end is on record. An analysis that has an outcome keeps it, also when its job is tried again.

  --json   answer in JSON
`;

export const COMMANDS = ['status', 'pause', 'resume', 'drain', 'retry-failed'] as const;
export type Command = (typeof COMMANDS)[number];
export type Arguments = { command: Command; queues: QueueName[]; isJson: boolean };

const QUEUES = [...new Set(Object.values(JOB_CATALOGUE).map(({ queue }) => queue))];
const DRAINABLE: QueueName[] = ['analyses', 'bulk'];
const OPTIONS = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @throws UsageError */
export function parseArguments(argv: readonly string[]): Arguments | 'help' {
  const { values, positionals } = parse(argv);
  const [name, ...named] = positionals;
  if (values.help || name === undefined) return 'help';
  const command = COMMANDS.find((known) => known === name);
  if (!command) throw new UsageError(`not understood: ${name}\n\n${USAGE}`);
  const allowed = command === 'drain' ? DRAINABLE : QUEUES;
  const queues = named.map((text) => readQueue(text, allowed));
  return { command, queues: queues.length === 0 ? allowed : queues, isJson: values.json };
}

function readQueue(text: string, allowed: readonly QueueName[]): QueueName {
  const queue = allowed.find((known) => known === text);
  if (!queue) throw new UsageError(`${text} is none of ${allowed.join(', ')}`);
  return queue;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
