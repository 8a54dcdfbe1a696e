import { reportSchema, submissionOptionsSchema } from '@bonafide/contracts';
import { form } from '../content';
import type { Operation } from '../operation';
import { ACCEPTED, UPLOAD_PROBLEMS } from './analyses';

export const oneCallOperations: Operation[] = [
  {
    method: 'post',
    path: '/analyze_voice_data',
    id: 'analyzeVoiceData',
    tag: 'Analyses',
    scope: 'submit',
    summary: 'Analyse a recording in one call',
    description:
      'Answers with the report itself; where the analysis takes longer than a call may wait, with `202` and where to look. The file may also come in the fields `audio`, `audio_file` and `voice_file`.',
    body: {
      content: { 'multipart/form-data': form(submissionOptionsSchema, 'The recording') },
    },
    answers: {
      200: { description: 'The report.', content: { 'application/json': reportSchema } },
      202: ACCEPTED,
    },
    problems: [
      ...UPLOAD_PROBLEMS,
      'not_audio',
      'no_audio_track',
      'truncated_audio',
      'encrypted_media',
      'silent_audio',
      'audio_too_short',
      'sample_rate_too_low',
      'audio_too_long',
      'decode_failed',
      'decode_timeout',
      'worker_crashed',
      'media_gone',
      'conflict',
    ],
  },
];
