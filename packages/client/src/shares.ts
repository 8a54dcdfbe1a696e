import {
  createdShareSchema,
  sharedAnalysisSchema,
  shareSchema,
  sharesPageSchema,
  type CreatedShare,
  type Page,
  type PageQuery,
  type Share,
  type SharedAnalysis,
  type ShareRequest,
} from '@bonafide/contracts';
import type { CallOptions, Connection, CreationOptions } from './connection';

export type Shares = {
  /** The one answer that holds the link's text. Without a wish it lasts a week. */
  create(analysisId: string, wish?: Partial<ShareRequest>, options?: CreationOptions): Promise<CreatedShare>;
  /** Those that have ended too, the oldest first. */
  list(analysisId: string, query?: Partial<PageQuery>, options?: CallOptions): Promise<Page<Share>>;
  revoke(analysisId: string, shareId: string, options?: CallOptions): Promise<Share>;
  /** What a link shows; needs no key. */
  open(token: string, options?: CallOptions): Promise<SharedAnalysis>;
};

const pathOf = (analysisId: string) => `/v1/analyses/${encodeURIComponent(analysisId)}/shares`;

export function sharesOf({ read }: Connection): Shares {
  return {
    create: (analysisId, json = {}, options) =>
      read(createdShareSchema, pathOf(analysisId), { ...options, method: 'POST', json }),
    list: (analysisId, query, options) => read(sharesPageSchema, pathOf(analysisId), { ...options, query }),
    revoke: (analysisId, shareId, options) =>
      read(shareSchema, `${pathOf(analysisId)}/${encodeURIComponent(shareId)}`, {
        ...options,
        method: 'DELETE',
      }),
    open: (token, options) => read(sharedAnalysisSchema, `/v1/shared/${encodeURIComponent(token)}`, options),
  };
}
