import { analysisIdSchema, sharedAnalysisSchema, shareRequestSchema, shareSchema } from '@bonafide/contracts';
import { z } from 'zod';
import type { Operation } from '../operation';

const about = { tag: 'Sharing' } as const;
const byToken = { path: z.object({ token: z.string() }) };
const bytes = { '*/*': { type: 'string', format: 'binary' } } as const;

export const sharingOperations: Operation[] = [
  {
    ...about,
    method: 'post',
    path: '/v1/analyses/{id}/shares',
    id: 'shareAnalysis',
    scope: 'submit',
    summary: 'Make a link that shows an analysis, until it expires',
    parameters: { path: z.object({ id: analysisIdSchema }) },
    body: { content: { 'application/json': shareRequestSchema }, isOptional: true },
    answers: { 201: { description: 'The link.', content: { 'application/json': shareSchema } } },
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
      416: { description: 'There is no such part.', headers: ['Content-Range'] },
    },
    problems: ['media_gone'],
  },
];
