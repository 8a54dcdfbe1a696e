import {
  analysisIdSchema,
  feedbackCreationSchema,
  feedbackIdSchema,
  feedbackPageSchema,
  feedbackSchema,
  pageQuerySchema,
} from '@bonafide/contracts';
import { z } from 'zod';
import type { Operation } from '../operation';

const ofAnalysis = { tag: 'Feedback', parameters: { path: z.object({ id: analysisIdSchema }) } } as const;
const one = {
  tag: 'Feedback',
  parameters: { path: z.object({ id: analysisIdSchema, feedback: feedbackIdSchema }) },
} as const;
const asFeedback = { 'application/json': feedbackSchema };

export const feedbackOperations: Operation[] = [
  {
    ...ofAnalysis,
    method: 'post',
    path: '/v1/analyses/{id}/feedback',
    id: 'giveFeedback',
    scope: 'submit',
    summary: 'Say what the recording really is',
    description:
      'Written down beside what the service said. With `consent` the recording is copied and kept for training, for as long as the deployment says (`kept_until`); taking the feedback back or deleting the analysis removes the copy. `conflict` where the analysis has no result.',
    body: { content: { 'application/json': feedbackCreationSchema } },
    answers: { 201: { description: 'What was written down.', content: asFeedback, headers: ['Location'] } },
  },
  {
    ...ofAnalysis,
    method: 'get',
    path: '/v1/analyses/{id}/feedback',
    id: 'listFeedback',
    scope: 'read',
    summary: 'List what was said about an analysis, the oldest first',
    description: 'What was taken back stays in the list, with who took it back and when.',
    parameters: { ...ofAnalysis.parameters, query: pageQuerySchema },
    answers: {
      200: {
        description: 'A page of it.',
        content: { 'application/json': feedbackPageSchema },
        headers: ['Cache-Control'],
      },
    },
  },
  {
    ...one,
    method: 'get',
    path: '/v1/analyses/{id}/feedback/{feedback}',
    id: 'getFeedback',
    scope: 'read',
    summary: 'Read one feedback',
    answers: { 200: { description: 'The feedback.', content: asFeedback, headers: ['Cache-Control'] } },
  },
  {
    ...one,
    method: 'delete',
    path: '/v1/analyses/{id}/feedback/{feedback}',
    id: 'revokeFeedback',
    scope: 'submit',
    summary: 'Take feedback back',
    description:
      'It no longer counts and the copy kept for training is gone; that it was said, and who took it back, stays. Taking back once more changes nothing.',
    answers: { 200: { description: 'As it stands now.', content: asFeedback } },
  },
];
