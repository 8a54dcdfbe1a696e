import { shareRecordSchema, type AnalysisRef, type ShareRecord, type ShareRef } from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import { analysisFolder } from './analyses';
import { createCollection, type Collection } from './collection';

/** In the analysis' own folder, so that they go with it; their names sort by when they were made. */
export const sharesPrefix = (ref: AnalysisRef) => `${analysisFolder(ref)}/shares/`;
export const shareKey = (ref: ShareRef) => `${sharesPrefix(ref)}${ref.share_id}.json`;

export function shareRecords(store: ObjectStore): Collection<ShareRef, ShareRecord> {
  return createCollection(store, {
    schema: shareRecordSchema,
    keyOf: shareKey,
    refOf: ({ tenant, analysis_id, id }) => ({ tenant, analysis_id, share_id: id }),
  });
}
