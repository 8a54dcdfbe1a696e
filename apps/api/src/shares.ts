import {
  CodedError,
  tenantSchema,
  analysisIdSchema,
  type AnalysisRef,
  type Share,
  type SharedAnalysis,
} from '@bonafide/contracts';
import { z } from 'zod';
import type { ApiContext } from './context';
import { readAnalysis } from './read-analysis';
import { openToken, sealToken } from './signed-token';

const claimsSchema = z.object({ t: tenantSchema, a: analysisIdSchema, e: z.number().int() });

/** A link to one analysis that needs no key. Nothing is stored: the link itself says what it opens, signed. */
export async function createShare(
  context: ApiContext,
  ref: AnalysisRef,
  expiresInSec: number,
): Promise<Share> {
  await readAnalysis(context, ref);
  const expiresAtSec = Math.floor(Date.now() / 1000) + expiresInSec;
  const claims = { t: ref.tenant, a: ref.analysis_id, e: expiresAtSec };
  const token = await sealToken(context.store, 'share', claims);
  return { token, path: `/shared/${token}`, expires_at: timestampOf(expiresAtSec) };
}

/** What a link opens. @throws CodedError `not_found` for one that is forged, expired or of a deleted analysis. */
export async function openShare(
  { store }: Pick<ApiContext, 'store'>,
  token: string,
): Promise<{ ref: AnalysisRef; expiresAt: string }> {
  const claims = await openToken(store, 'share', { token, schema: claimsSchema });
  if (!claims || claims.e * 1000 < Date.now()) {
    throw new CodedError('not_found', 'This link is not valid, or no longer');
  }
  return { ref: { tenant: claims.t, analysis_id: claims.a }, expiresAt: timestampOf(claims.e) };
}

export async function readShared(context: ApiContext, token: string): Promise<SharedAnalysis> {
  const { ref, expiresAt } = await openShare(context, token);
  return { analysis: await readAnalysis(context, ref), expires_at: expiresAt };
}

const timestampOf = (epochSec: number) => new Date(epochSec * 1000).toISOString();
