import { errorCodeSchema, queuesSchema, readinessSchema } from '@bonafide/contracts';
import { z } from 'zod';
import type { Operation } from '../operation';

const about = { method: 'get', tag: 'Service', scope: null } as const;
const page = (description: string) => ({
  200: { description, content: { 'text/html': { type: 'string' as const } } },
});

export const serviceOperations: Operation[] = [
  {
    ...about,
    path: '/livez',
    id: 'isAlive',
    summary: 'Is the process alive?',
    answers: {
      200: { description: 'Yes.', content: { 'application/json': z.object({ status: z.literal('alive') }) } },
    },
  },
  {
    ...about,
    path: '/readyz',
    id: 'isReady',
    summary: 'Would a recording sent now be stored, queued and analysed?',
    answers: {
      200: { description: 'Yes.', content: { 'application/json': readinessSchema } },
      503: { description: 'No, and what is missing.', content: { 'application/json': readinessSchema } },
    },
  },
  {
    ...about,
    path: '/metrics',
    id: 'getMetrics',
    summary: 'Figures for Prometheus',
    description: 'For an admin key, `METRICS_TOKEN`, or this machine itself (not through a proxy).',
    answers: {
      200: {
        description: 'The text format.',
        content: { 'text/plain': { type: 'string' } },
        headers: ['Cache-Control'],
      },
    },
    problems: ['unauthorized', 'forbidden'],
  },
  {
    ...about,
    path: '/openapi.json',
    id: 'getDescription',
    summary: 'This description',
    answers: {
      200: {
        description: 'OpenAPI 3.1.',
        content: { 'application/json': z.looseObject({ openapi: z.string() }) },
        headers: ['Cache-Control'],
      },
    },
  },
  {
    ...about,
    path: '/docs',
    id: 'getReference',
    summary: 'This description as a page',
    answers: page('The page.'),
  },
  {
    ...about,
    path: '/docs/style.css',
    id: 'getReferenceStyle',
    summary: 'The style of the page',
    answers: { 200: { description: 'A style sheet.', content: { 'text/css': { type: 'string' } } } },
  },
  {
    ...about,
    path: '/problems',
    id: 'listProblems',
    summary: 'Every problem that an answer may name',
    answers: page('The page.'),
  },
  {
    ...about,
    path: '/problems/{code}',
    id: 'getProblem',
    summary: 'What a problem means and what to do about it',
    parameters: { path: z.object({ code: errorCodeSchema }) },
    answers: page('The page.'),
  },
  {
    ...about,
    path: '/v1/queues',
    id: 'getQueues',
    scope: 'admin',
    summary: 'How busy the whole service is',
    answers: {
      200: {
        description: 'By queue.',
        content: { 'application/json': queuesSchema },
        headers: ['Cache-Control'],
      },
    },
  },
];
