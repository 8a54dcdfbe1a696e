import { createHash } from 'node:crypto';
import type { AnalysisRef, AnalysisStatus, Submission } from '@bonafide/contracts';
import { KEY_PREFIX } from './connections';

export const STATUSES: readonly AnalysisStatus[] = [
  'queued',
  'processing',
  'succeeded',
  'failed',
  'canceled',
];

/** What is known of one analysis under way. */
export const entryKey = ({ tenant, analysis_id }: AnalysisRef) =>
  `${KEY_PREFIX}:analysis:${tenant}:${analysis_id}`;

const listKey = (tenant: string, list: string) => `${KEY_PREFIX}:list:${tenant}:${list}`;
/**
 * Lists are sets of ids, all of one score: Redis then sorts them by their text, which for a UUIDv7 is the
 * time at which the analysis was taken in.
 */
export const allKey = (tenant: string) => listKey(tenant, 'all');
export const statusKey = (tenant: string, status: AnalysisStatus) => listKey(tenant, `status:${status}`);
export const batchKey = (tenant: string, batchId: string) => listKey(tenant, `batch:${batchId}`);
/** A label may be long and of any characters. */
export const labelKey = (tenant: string, label: string) =>
  listKey(tenant, `label:${createHash('sha256').update(label).digest('hex').slice(0, 32)}`);

/** What scores an analysis again. */
export const againKey = (tenant: string, analysisId: string) => listKey(tenant, `again:${analysisId}`);

/** `tenant/id` of every analysis that has not been announced to have ended, by when it was taken in. */
export const OPEN_KEY = `${KEY_PREFIX}:open`;
/** `tenant/id` of every recording that is kept, by when it is to go. */
export const MEDIA_DUE_KEY = `${KEY_PREFIX}:media-due`;
/** `tenant/id` of what was deleted, by when: a deletion that broke off is finished from here. */
export const DELETED_KEY = `${KEY_PREFIX}:deleted`;

export const memberOf = ({ tenant, analysis_id }: AnalysisRef) => `${tenant}/${analysis_id}`;
export function refOfMember(member: string): AnalysisRef {
  const [tenant, analysis_id] = member.split('/');
  return { tenant, analysis_id };
}

/** The lists that a submission is in for good. */
export function lastingLists({ tenant, batch_id, label, reanalysis }: Submission): string[] {
  return [
    ...(batch_id === undefined ? [] : [batchKey(tenant, batch_id)]),
    ...(label === undefined ? [] : [labelKey(tenant, label)]),
    ...(reanalysis === undefined ? [] : [againKey(tenant, reanalysis.of)]),
  ];
}

/** The smallest text that a UUIDv7 of this moment or later can have. */
export function idFloor(momentMs: number): string {
  const hex = Math.max(0, Math.floor(momentMs)).toString(16).padStart(12, '0').slice(-12);
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/** When a UUIDv7 was made, milliseconds. */
export function momentOfId(id: string): number {
  return parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}
