import {
  bundleVersionSchema,
  canaryWishSchema,
  compareQuerySchema,
  comparisonSchema,
  modelSchema,
  modelsSchema,
  servingSchema,
  shadowWishSchema,
} from '@bonafide/contracts';
import { z } from 'zod';
import type { Operation } from '../operation';

const about = { tag: 'Models', scope: 'admin' } as const;
const one = { ...about, parameters: { path: z.object({ version: bundleVersionSchema }) } } as const;
const answer = (description: string, schema: z.ZodType) => ({
  200: {
    description,
    content: { 'application/json': schema },
    headers: ['Cache-Control'] as const,
  },
});
const changed = answer(
  'What serves from now on; workers take it up within seconds, between jobs.',
  servingSchema,
);
const REFUSALS = ['bundle_refused', 'not_found', 'conflict', 'unavailable'] as const;

export const modelOperations: Operation[] = [
  {
    tag: 'Models',
    scope: 'read',
    method: 'get',
    path: '/v1/models/current',
    id: 'getModel',
    summary: 'The bundle that judges, with its card and its figures',
    answers: answer('What it was made of and how well it did in tests.', modelSchema),
    problems: ['not_found', 'bundle_refused'],
  },
  {
    ...about,
    method: 'get',
    path: '/v1/models',
    id: 'listModels',
    summary: 'All bundles, what serves, who runs it, and how it came to that',
    answers: answer('For the whole service.', modelsSchema),
    problems: ['not_found', 'bundle_refused'],
  },
  {
    ...one,
    method: 'get',
    path: '/v1/models/{version}',
    id: 'showModel',
    summary: 'One bundle, with its card and its figures',
    answers: answer('Whether or not it serves.', modelSchema),
    problems: ['not_found', 'bundle_refused'],
  },
  {
    ...about,
    method: 'get',
    path: '/v1/models/compare',
    id: 'compareModels',
    summary: 'How two bundles differ, on live traffic and in their evaluations',
    description: 'Without versions: the active bundle and its shadow.',
    parameters: { query: compareQuerySchema },
    answers: answer('Shares of verdicts that change, and the largest differences.', comparisonSchema),
    problems: ['not_found', 'conflict', 'bundle_refused'],
  },
  {
    ...one,
    method: 'post',
    path: '/v1/models/{version}/activate',
    id: 'activateModel',
    summary: 'Have a bundle answer',
    description:
      'It is loaded and checked before anything changes; an analysis under way keeps the bundle it began with.',
    answers: changed,
    problems: REFUSALS,
  },
  {
    ...about,
    method: 'post',
    path: '/v1/models/rollback',
    id: 'rollbackModel',
    summary: 'Go back to the bundle that was active before',
    description: 'Also ends a canary.',
    answers: changed,
    problems: ['conflict', 'not_found', 'bundle_refused'],
  },
  {
    ...about,
    method: 'post',
    path: '/v1/models/shadow',
    id: 'shadowModel',
    summary: 'Have a bundle score live traffic without answering',
    body: { content: { 'application/json': shadowWishSchema } },
    answers: changed,
    problems: REFUSALS,
  },
  {
    ...about,
    method: 'post',
    path: '/v1/models/canary',
    id: 'canaryModel',
    summary: 'Have a bundle answer a share of the analyses',
    body: { content: { 'application/json': canaryWishSchema } },
    answers: changed,
    problems: REFUSALS,
  },
];
