import { readFile } from 'node:fs/promises';
import type { Member } from '@bonafide/contracts';
import { fakeColumn } from './answers';
import { type Session, startModelThread } from './session';

/** Rows a call: of each, what it has in common with thousands of support vectors is in memory at once. */
const MAX_BATCH_ROWS = 16;

/** What must be known of a graph that answers rows with the probabilities of real and of fake. */
export type RowGraph = Pick<Extract<Member, { kind: 'features' }>, 'name' | 'input' | 'output' | 'columns'>;

/** Row-major float32 in, p_fake of each row out. */
export async function answerRows(session: Session, graph: RowGraph, rows: Float32Array): Promise<number[]> {
  const scores: number[] = [];
  const batchLength = MAX_BATCH_ROWS * graph.columns;
  for (let start = 0; start < rows.length; start += batchLength) {
    const batch = rows.slice(start, start + batchLength);
    const count = batch.length / graph.columns;
    const [{ data }] = await session.run(graph.input, batch, [count, graph.columns], [graph.output]);
    scores.push(...fakeColumn(graph, data, count));
  }
  return scores;
}

/** Opens a graph that has no bundle around it yet: training asks what it will answer in production. */
export async function openRowGraph(
  path: string,
  graph: RowGraph,
): Promise<(rows: Float32Array) => Promise<number[]>> {
  const session = await startModelThread().open(await readFile(path));
  return (rows) => answerRows(session, graph, rows);
}
