import {
  analysisIdSchema,
  analysisSchema,
  LEGACY_UPLOAD_FIELDS,
  reportSchema,
  submissionOptionsSchema,
  waitQuerySchema,
} from '@bonafide/contracts';
import { z } from 'zod';
import { binary } from '../bytes';
import type { Operation } from '../operation';

const path = z.object({ id: analysisIdSchema });

const submit: Operation = {
  method: 'post',
  path: '/v1/analyses',
  id: 'submitAnalysis',
  tag: 'Analyses',
  scope: 'submit',
  summary: 'Hand a recording over',
  description: 'Answers as soon as the recording is stored and queued.',
  body: {
    content: {
      'multipart/form-data': submissionOptionsSchema.extend({ file: binary('The recording') }),
    },
  },
  answers: {
    202: {
      description: 'Taken in; `Location` says where to look for what becomes of it.',
      content: { 'application/json': analysisSchema },
      headers: ['Location', 'Retry-After'],
    },
  },
  problems: [
    'missing_file',
    'empty_file',
    'unexpected_field',
    'too_many_files',
    'malformed_upload',
    'file_too_large',
  ],
};

const get: Operation = {
  method: 'get',
  path: '/v1/analyses/{id}',
  id: 'getAnalysis',
  tag: 'Analyses',
  scope: 'read',
  summary: 'Read an analysis, or wait for its end',
  parameters: { path, query: waitQuerySchema },
  answers: {
    200: {
      description: 'The analysis. `result` is there once it succeeded, `error` once it failed.',
      content: { 'application/json': analysisSchema },
      headers: ['Retry-After', 'Cache-Control'],
    },
  },
};

const analyzeVoiceData: Operation = {
  method: 'post',
  path: '/analyze_voice_data',
  id: 'analyzeVoiceData',
  tag: 'Analyses',
  scope: 'submit',
  summary: 'Analyse a recording in one call',
  description:
    'The report itself. Where the analysis takes longer than a call may wait, `202` and where to look.',
  body: {
    content: {
      'multipart/form-data': submissionOptionsSchema.extend(
        Object.fromEntries(
          LEGACY_UPLOAD_FIELDS.map((field) => [
            field,
            binary('The recording, in one of these fields').optional(),
          ]),
        ),
      ),
    },
  },
  answers: {
    200: { description: 'The report.', content: { 'application/json': reportSchema } },
    202: submit.answers[202],
  },
  problems: [
    ...(submit.problems ?? []),
    'not_audio',
    'no_audio_track',
    'truncated_audio',
    'encrypted_media',
    'silent_audio',
    'audio_too_short',
    'audio_too_long',
    'decode_failed',
    'decode_timeout',
    'worker_crashed',
    'media_gone',
  ],
};

export const analysisOperations = [submit, get, analyzeVoiceData];
