import {
  analysesPageSchema,
  analysesQuerySchema,
  analysisIdSchema,
  analysisSchema,
  deletionSchema,
  submissionOptionsSchema,
  uploadSubmissionSchema,
  urlSubmissionSchema,
  waitQuerySchema,
} from '@bonafide/contracts';
import { z } from 'zod';
import { eventStream, form } from '../content';
import type { Operation } from '../operation';

const about = { tag: 'Analyses' } as const;
const one = { ...about, parameters: { path: z.object({ id: analysisIdSchema }) } } as const;

/** Faults of a form with a file in it. */
export const UPLOAD_PROBLEMS = [
  'missing_file',
  'empty_file',
  'unexpected_field',
  'too_many_files',
  'malformed_upload',
  'file_too_large',
] as const;

export const ACCEPTED = {
  description: 'Taken in; `Location` says where to look for what becomes of it.',
  content: { 'application/json': analysisSchema },
  headers: ['Location', 'Retry-After'],
  leadsTo: [
    'getAnalysis',
    'cancelAnalysis',
    'getRecording',
    'listenToAnalysis',
    'shareAnalysis',
    'listShares',
    'giveFeedback',
    'listFeedback',
    'deleteAnalysis',
  ],
} as const;

export const analysisOperations: Operation[] = [
  {
    ...about,
    method: 'post',
    path: '/v1/analyses',
    id: 'submitAnalysis',
    scope: 'submit',
    summary: 'Hand a recording over',
    description:
      'By a form with the file in it, or by JSON that names a direct upload or the address of the recording. Answers as soon as the recording is stored and queued.',
    body: {
      content: {
        'multipart/form-data': form(submissionOptionsSchema, 'The recording'),
        'application/json': z.union([uploadSubmissionSchema, urlSubmissionSchema]),
      },
    },
    answers: { 202: ACCEPTED },
    problems: [...UPLOAD_PROBLEMS, 'not_found', 'media_gone', 'fetch_failed', 'unprocessable'],
  },
  {
    ...about,
    method: 'get',
    path: '/v1/analyses',
    id: 'listAnalyses',
    scope: 'read',
    summary: 'List analyses, the newest first',
    parameters: { query: analysesQuerySchema },
    answers: {
      200: {
        description: 'A page of them, without their reports, in the order in which their uploads began.',
        content: { 'application/json': analysesPageSchema },
        headers: ['Cache-Control'],
      },
    },
  },
  {
    ...one,
    method: 'get',
    path: '/v1/analyses/{id}',
    id: 'getAnalysis',
    scope: 'read',
    summary: 'Read an analysis, or wait for its end',
    parameters: { ...one.parameters, query: waitQuerySchema },
    answers: {
      200: {
        description: 'The analysis. `result` is there once it succeeded, `error` once it failed.',
        content: { 'application/json': analysisSchema },
        headers: ['Retry-After', 'Cache-Control'],
      },
    },
  },
  {
    ...one,
    method: 'delete',
    path: '/v1/analyses/{id}',
    id: 'deleteAnalysis',
    scope: 'submit',
    summary: 'Delete an analysis',
    description:
      'The recording and the upload it came by, the result and what its batch tells of it, what waits in the queue, stored webhook bodies and answers kept for an Idempotency-Key.',
    answers: { 200: { description: 'What was removed.', content: { 'application/json': deletionSchema } } },
    problems: ['conflict'],
  },
  {
    ...one,
    method: 'post',
    path: '/v1/analyses/{id}/cancel',
    id: 'cancelAnalysis',
    scope: 'submit',
    summary: 'Cancel an analysis',
    description:
      'It ends at once; a worker that is at it stops between two windows. `conflict` where it has ended already.',
    answers: {
      200: { description: 'It has ended as canceled.', content: { 'application/json': analysisSchema } },
    },
  },
  {
    ...one,
    method: 'get',
    path: '/v1/analyses/{id}/media',
    id: 'getRecording',
    scope: 'read',
    summary: 'Listen to the recording',
    parameters: {
      ...one.parameters,
      header: z.object({
        Range: z.string().optional().meta({ description: 'A part, such as `bytes=0-65535`.' }),
      }),
    },
    answers: {
      200: {
        description: 'The recording as it was handed in.',
        content: { '*/*': { type: 'string', format: 'binary' } },
        headers: ['Accept-Ranges', 'ETag', 'Content-Disposition', 'Cache-Control'],
      },
      206: {
        description: 'The part that was asked for.',
        content: { '*/*': { type: 'string', format: 'binary' } },
        headers: ['Content-Range', 'Accept-Ranges', 'ETag', 'Content-Disposition', 'Cache-Control'],
      },
      304: { description: 'Not changed since the copy that `If-None-Match` names.' },
    },
    problems: ['media_gone', 'range_not_satisfiable'],
  },
  {
    ...one,
    method: 'get',
    path: '/v1/analyses/{id}/events',
    id: 'listenToAnalysis',
    scope: 'read',
    summary: 'Follow an analysis by server-sent events',
    ...eventStream(one.parameters.path),
  },
];
