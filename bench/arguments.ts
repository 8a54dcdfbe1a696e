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

/** `npm run bench -- [--full] [--only a,b…] [--references]`; the references come with --full too. */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { full: { type: 'boolean' }, references: { type: 'boolean' }, only: { type: 'string' } },
  });
  const wanted = new Set(values.only?.split(',') ?? PARTS);
  const unknown = [...wanted].filter((name) => !PARTS.some((part) => part === name));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}: ${PARTS.join(', ')}`);
  return {
    parts: PARTS.filter((part) => wanted.has(part)),
    sizes: values.full ? FULL : SHORT,
  };
}
