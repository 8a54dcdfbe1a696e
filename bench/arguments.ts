import { parseArgs } from 'node:util';

export const PARTS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
export type PartName = (typeof PARTS)[number];

/** How much is measured: the short run takes two minutes or so, the full one half an hour. */
export type Sizes = {
  /** Median of so many. */
  rounds: number;
  speechSec: number;
  latencies: number;
  queuedJobs: number;
  workers: readonly number[];
  durationsSec: readonly number[];
  enduranceJobs: number;
  uploads: number;
  archiveEntries: number;
};

export type BenchOptions = { parts: readonly PartName[]; sizes: Sizes };

const SHORT: Sizes = {
  rounds: 3,
  speechSec: 60,
  latencies: 30,
  queuedJobs: 60,
  workers: [1, 2],
  durationsSec: [10, 120],
  enduranceJobs: 200,
  uploads: 600,
  archiveEntries: 100,
};
const FULL: Sizes = {
  rounds: 7,
  speechSec: 300,
  latencies: 200,
  queuedJobs: 300,
  workers: [1, 2, 4, 8],
  durationsSec: [10, 600, 7200],
  enduranceJobs: 5000,
  uploads: 5000,
  archiveEntries: 2000,
};

const HELP = `npm run bench -- [--full] [--only a,b…] [--references]

Measures what this machine makes of the service, prints a table and writes bench/results.json.

  a  features against librosa and openSMILE    b  stages     c  latency and jobs a second
  d  workers    e  memory and longest turn     f  uploads    g  an archive

  --only a,b     only these parts
  --references   librosa and openSMILE in part a too (an environment of their own)
  --full         longer recordings, more rounds, 1 to 8 workers, and the references: half an hour`;

/** The references come with --full too. Answers the help where that is asked for; throws for what it does not know. */
export function benchOptions(args: readonly string[]): BenchOptions | string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      full: { type: 'boolean' },
      references: { type: 'boolean' },
      only: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return HELP;
  const wanted = new Set(values.only?.split(',') ?? PARTS);
  const unknown = [...wanted].filter((name) => !PARTS.some((part) => part === name));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}: ${PARTS.join(', ')}`);
  return {
    parts: PARTS.filter((part) => wanted.has(part)),
    sizes: values.full ? FULL : SHORT,
  };
}
