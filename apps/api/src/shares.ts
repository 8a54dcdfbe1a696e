import {
  analysisIdSchema,
  CodedError,
  shareIdSchema,
  tenantSchema,
  type AnalysisRef,
  type CreatedShare,
  type Page,
  type PageQuery,
  type Share,
  type SharedAnalysis,
  type ShareRecord,
  type ShareRef,
} from '@bonafide/contracts';
import { shareKey, sharesPrefix } from '@bonafide/platform';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { ApiContext } from './context';
import { pageOfDocs, readIdCursor } from './cursor';
import { readAnalysis } from './read-analysis';
import { openToken, sealToken } from './signed-token';

const claimsSchema = z.object({ t: tenantSchema, a: analysisIdSchema, s: shareIdSchema });

type Needs = Pick<ApiContext, 'store' | 'records'>;

/** A link to one analysis that needs no key. Its text is in this answer and nowhere else. */
export async function createShare(
  context: ApiContext,
  ref: AnalysisRef,
  { expiresInSec, keyId }: { expiresInSec: number; keyId: string | null },
): Promise<CreatedShare> {
  await readAnalysis(context, ref);
  const nowMs = Date.now();
  const record: ShareRecord = {
    ...{ format: 1, id: uuidv7(), ...ref },
    ...{ created_at: timestampOf(nowMs), created_by: keyId },
    ...{ expires_at: timestampOf(nowMs + expiresInSec * 1000), revoked_at: null, revoked_by: null },
  };
  await context.records.shares.create(record);
  const claims = { t: ref.tenant, a: ref.analysis_id, s: record.id };
  const token = await sealToken(context.store, 'share', claims);
  return { ...viewOf(record), token, path: `/shared/${token}` };
}

/** The links to an analysis, those that have ended too, the oldest first. @throws CodedError `not_found` */
export async function listShares(
  { records }: Needs,
  ref: AnalysisRef,
  { limit, cursor }: PageQuery,
): Promise<Page<Share>> {
  if (!(await records.submission(ref))) throw new CodedError('not_found', 'There is no such analysis');
  const after = readIdCursor(cursor);
  const behind = after && shareKey({ ...ref, share_id: after });
  return pageOfDocs(records.shares.list(sharesPrefix(ref), behind), limit, viewOf);
}

/** Ends a link from this answer on; one that was revoked before stays as it is. @throws CodedError `not_found` */
export async function revokeShare(
  { records, log }: ApiContext,
  ref: ShareRef,
  keyId: string | null,
): Promise<Share> {
  const record = await records.shares.get(ref);
  if (!record) throw new CodedError('not_found', 'There is no such link');
  if (record.revoked_at !== null) return viewOf(record);
  const revoked = { ...record, revoked_at: timestampOf(Date.now()), revoked_by: keyId };
  await records.shares.put(revoked);
  log.info({ ...ref, key_id: keyId }, 'a link was revoked');
  return viewOf(revoked);
}

/** What a link opens. @throws CodedError `not_found` for one that is forged, has ended, or of a deleted analysis. */
export async function openShare(
  { store, records }: Needs,
  token: string,
): Promise<{ ref: AnalysisRef; expiresAt: string }> {
  const claims = await openToken(store, 'share', { token, schema: claimsSchema });
  const ref = claims && { tenant: claims.t, analysis_id: claims.a };
  const record = ref && (await records.shares.get({ ...ref, share_id: claims.s }));
  if (!record || record.revoked_at !== null || Date.parse(record.expires_at) <= Date.now()) {
    throw new CodedError('not_found', 'This link is not valid, or no longer');
  }
  return { ref, expiresAt: record.expires_at };
}

export async function readShared(context: ApiContext, token: string): Promise<SharedAnalysis> {
  const { ref, expiresAt } = await openShare(context, token);
  const analysis = await readAnalysis(context, ref);
  const { reanalysis_of: of } = analysis;
  const first = of === undefined ? null : await context.records.outcome({ ...ref, analysis_id: of });
  const before = first?.status === 'succeeded' ? first.report : undefined;
  return { analysis, before, expires_at: expiresAt };
}

const viewOf = ({ format: _format, tenant: _tenant, ...share }: ShareRecord): Share => share;
const timestampOf = (epochMs: number) => new Date(epochMs).toISOString();
