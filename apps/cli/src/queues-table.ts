import type { QueueState } from '@bonafide/platform';
import { inColumns } from './columns';

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
  return `${inColumns([COLUMNS, ...rows], { toTheRight: (column) => column >= 2 })}\n`;
}
