import {
  analysisIdSchema,
  createdShareSchema,
  modelSchema,
  pageQuerySchema,
  sharedAnalysisSchema,
  shareIdSchema,
  shareRequestSchema,
  shareSchema,
  sharesPageSchema,
} from '@bonafide/contracts';
import { z } from 'zod';
import type { Operation } from '../operation';

const about = { tag: 'Sharing' } as const;
const ofAnalysis = { path: z.object({ id: analysisIdSchema }) };
const byToken = { path: z.object({ token: z.string() }) };
const bytes = { '*/*': { type: 'string', format: 'binary' } } as const;

export const sharingOperations: Operation[] = [
  {
    ...about,
    method: 'post',
    path: '/v1/analyses/{id}/shares',
    id: 'shareAnalysis',
    scope: 'submit',
    summary: 'Make a link that shows an analysis, until it expires or is revoked',
    description:
      'The key needs `read` as well. What opens the link, `token` and `path`, is in this answer and nowhere else.',
    parameters: ofAnalysis,
    body: { content: { 'application/json': shareRequestSchema } },
    answers: { 201: { description: 'The link.', content: { 'application/json': createdShareSchema } } },
  },
  {
    ...about,
    method: 'get',
    path: '/v1/analyses/{id}/shares',
    id: 'listShares',
    scope: 'read',
    summary: 'List the links to an analysis, the oldest first',
    description: 'Those that have ended stay in the list; what opens a link is not told again.',
    parameters: { ...ofAnalysis, query: pageQuerySchema },
    answers: {
      200: {
        description: 'A page of them.',
        content: { 'application/json': sharesPageSchema },
        headers: ['Cache-Control'],
      },
    },
  },
  {
    ...about,
    method: 'delete',
    path: '/v1/analyses/{id}/shares/{share}',
    id: 'revokeShare',
    scope: 'submit',
    summary: 'Revoke a link',
    description:
      'From this answer on whoever has the link hears `not_found`. Revoking once more changes nothing.',
    parameters: { path: z.object({ id: analysisIdSchema, share: shareIdSchema }) },
    answers: { 200: { description: 'The link, ended.', content: { 'application/json': shareSchema } } },
  },
  {
    ...about,
    method: 'get',
    path: '/v1/shared/{token}',
    id: 'getShared',
    scope: null,
    summary: 'Read a shared analysis',
    parameters: byToken,
    answers: {
      200: {
        description: 'The analysis.',
        content: { 'application/json': sharedAnalysisSchema },
        headers: ['Cache-Control'],
      },
    },
  },
  {
    ...about,
    method: 'get',
    path: '/v1/shared/{token}/media',
    id: 'getSharedRecording',
    scope: null,
    summary: 'Listen to a shared recording',
    parameters: byToken,
    answers: {
      200: {
        description: 'The recording.',
        content: bytes,
        headers: ['Accept-Ranges', 'ETag', 'Cache-Control'],
      },
      206: {
        description: 'The part that was asked for.',
        content: bytes,
        headers: ['Content-Range', 'ETag'],
      },
      304: { description: 'Not changed.' },
    },
    problems: ['media_gone', 'range_not_satisfiable'],
  },
  {
    ...about,
    method: 'get',
    path: '/v1/shared/{token}/model',
    id: 'getSharedModel',
    scope: null,
    summary: 'What judges, for whoever has a link',
    description: 'As `/v1/models/current`: a result is worth what its models are.',
    parameters: byToken,
    answers: {
      200: {
        description: 'What it was made of and how well it did in tests.',
        content: { 'application/json': modelSchema },
        headers: ['Cache-Control'],
      },
    },
    problems: ['bundle_refused'],
  },
];
