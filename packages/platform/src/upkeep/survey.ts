import type { AnalysisRef } from '@bonafide/contracts';
import { isAnalysisId } from '../records/analyses';
import type { ObjectStore } from '../store/object-store';

/** An analysis as the listing of the store shows it: the names of its documents. */
export type Found = { ref: AnalysisRef; documents: ReadonlySet<string> };

export const ANALYSES_PREFIX = 'analyses/';

/** Every analysis below the prefix, from behind the key `after`, without reading a document. */
export async function* surveyAnalyses(
  store: ObjectStore,
  prefix = ANALYSES_PREFIX,
  after?: string,
): AsyncIterable<Found> {
  let ref: AnalysisRef | undefined;
  let documents = new Set<string>();
  for await (const { key } of store.list(prefix, after)) {
    const [, tenant, analysis_id, name] = key.split('/');
    if (name === undefined || !isAnalysisId(analysis_id)) continue;
    if (ref?.tenant !== tenant || ref.analysis_id !== analysis_id) {
      if (ref) yield { ref, documents };
      ref = { tenant, analysis_id };
      documents = new Set();
    }
    documents.add(name);
  }
  if (ref) yield { ref, documents };
}

/** The same, so many at a time. */
export async function* inChunks<T>(items: AsyncIterable<T>, size: number): AsyncIterable<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
