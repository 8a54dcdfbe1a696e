import {
  createdKeySchema,
  keyCreationSchema,
  keyIdSchema,
  keySchema,
  pageQuerySchema,
  pageSchema,
} from '@bonafide/contracts';
import { z } from 'zod';
import type { Operation } from '../operation';

const about = { tag: 'Keys', scope: 'admin' } as const;

export const keyOperations: Operation[] = [
  {
    ...about,
    method: 'get',
    path: '/v1/keys',
    id: 'listKeys',
    summary: 'List the keys, the oldest first',
    parameters: { query: pageQuerySchema },
    answers: {
      200: {
        description: 'A page of them; never the keys themselves.',
        content: { 'application/json': pageSchema(keySchema) },
        headers: ['Cache-Control'],
      },
    },
  },
  {
    ...about,
    method: 'post',
    path: '/v1/keys',
    id: 'createKey',
    summary: 'Make a key',
    body: { content: { 'application/json': keyCreationSchema } },
    answers: {
      201: {
        description: 'The one answer that shows `key`.',
        content: { 'application/json': createdKeySchema },
        headers: ['Location', 'Cache-Control'],
      },
    },
  },
  {
    ...about,
    method: 'delete',
    path: '/v1/keys/{id}',
    id: 'revokeKey',
    summary: 'Revoke a key',
    description: 'It stops working within 5 seconds.',
    parameters: { path: z.object({ id: keyIdSchema }) },
    answers: { 200: { description: 'The revoked key.', content: { 'application/json': keySchema } } },
  },
];
