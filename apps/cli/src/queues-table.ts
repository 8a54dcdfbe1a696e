import type { QueueState } from '@bonafide/platform';

const COLUMNS = ['queue', 'state', 'waiting', 'active', 'delayed', 'failed', 'oldest'] as const;

/** One line a queue, aligned. */
export function queuesTable(states: readonly (QueueState & { isPaused: boolean })[]): string {
  const rows = states.map(({ queue, counts, oldestAgeSec, isPaused }) => [
    queue,
    isPaused ? 'paused' : 'running',
    String(counts.waiting + counts.prioritized + counts.due),
    String(counts.active),
    String(counts.delayed),
    String(counts.failed),
    `${Math.round(oldestAgeSec)} s`,
  ]);
  const lines = [[...COLUMNS], ...rows];
  const widths = COLUMNS.map((_name, column) => Math.max(...lines.map((line) => line[column].length)));
  const pad = (cell: string, column: number) =>
    column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  return lines.map((line) => `${line.map(pad).join('  ')}\n`).join('');
}
