import { createdUploadSchema, uploadIdSchema, uploadRequestSchema, uploadSchema } from '@bonafide/contracts';
import { z } from 'zod';
import type { Operation } from '../operation';

export const uploadOperations: Operation[] = [
  {
    method: 'post',
    path: '/v1/uploads',
    id: 'createUpload',
    tag: 'Uploads',
    scope: 'submit',
    summary: 'Announce a direct upload',
    description:
      'Say what will be sent, send it by the request in `put`, then name `upload_id` in submissions and batches, as often as wanted until `expires_at`. It goes earlier with a recording made of it (by its `retention`, or when that is deleted), and as an archive once everything is taken out of it.',
    body: { content: { 'application/json': uploadRequestSchema } },
    answers: {
      201: {
        description: 'The request that brings the bytes; nothing of another length or content is taken.',
        content: { 'application/json': createdUploadSchema },
        headers: ['Location', 'Cache-Control'],
        leadsTo: ['getUpload', 'removeUpload'],
      },
    },
    problems: ['file_too_large'],
  },
  {
    method: 'get',
    path: '/v1/uploads/{id}',
    id: 'getUpload',
    tag: 'Uploads',
    scope: 'read',
    summary: 'Read a direct upload',
    parameters: { path: z.object({ id: uploadIdSchema }) },
    answers: {
      200: {
        description: 'The upload, and whether its bytes have come.',
        content: { 'application/json': uploadSchema },
        headers: ['Cache-Control'],
      },
    },
  },
  {
    method: 'delete',
    path: '/v1/uploads/{id}',
    id: 'removeUpload',
    tag: 'Uploads',
    scope: 'submit',
    summary: 'Remove a direct upload',
    parameters: { path: z.object({ id: uploadIdSchema }) },
    answers: { 204: { description: 'Gone; what was made of it stays.' } },
  },
  {
    method: 'put',
    path: '/signed-uploads/{token}',
    id: 'receiveUpload',
    tag: 'Uploads',
    scope: null,
    summary: 'Bring the bytes of a direct upload',
    description:
      'Where the store is a folder: the address that `put.url` gives. The token is the permission, and names length and content.',
    parameters: { path: z.object({ token: z.string() }) },
    body: { content: { 'application/octet-stream': { type: 'string', format: 'binary' } } },
    answers: { 200: { description: 'Stored.' } },
    problems: [
      'forbidden',
      'unprocessable',
      'file_too_large',
      'storage_full',
      'conflict',
      'unauthorized',
      'malformed_upload',
    ],
  },
];
