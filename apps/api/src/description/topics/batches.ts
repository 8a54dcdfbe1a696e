import {
  batchCreationSchema,
  batchIdSchema,
  batchItemSchema,
  batchOptionsSchema,
  batchSchema,
  itemStatusSchema,
  listedItemSchema,
  pageQuerySchema,
  pageSchema,
  reportQuerySchema,
  waitQuerySchema,
} from '@bonafide/contracts';
import { z } from 'zod';
import { eventStream, form } from '../content';
import type { Operation } from '../operation';
import { UPLOAD_PROBLEMS } from './analyses';

const about = { tag: 'Batches' } as const;
const one = { ...about, parameters: { path: z.object({ id: batchIdSchema }) } } as const;
const { upload_id, prefix, reanalyse } = batchCreationSchema.shape;
const { upload_id: listedUpload, url, ...named } = listedItemSchema.shape;
const listed = z.union([
  z.strictObject({ ...named, upload_id: listedUpload.unwrap() }),
  z.strictObject({ ...named, url: url.unwrap() }),
]);
/** Exactly one source: as a choice of four bodies, since JSON Schema knows no such rule within one. */
const creation = z.union([
  z.strictObject({ ...batchOptionsSchema.shape, upload_id: upload_id.unwrap() }),
  z.strictObject({ ...batchOptionsSchema.shape, prefix: prefix.unwrap() }),
  z.strictObject({ ...batchOptionsSchema.shape, items: z.array(listed).min(1).max(100_000) }),
  z.strictObject({ ...batchOptionsSchema.shape, reanalyse: reanalyse.unwrap() }),
]);
const asJson = { 'application/json': batchSchema };

export const batchOperations: Operation[] = [
  {
    ...about,
    method: 'post',
    path: '/v1/batches',
    id: 'createBatch',
    scope: 'submit',
    summary: 'Hand an archive over',
    description:
      'A zip, tar, tar.gz or tar.zst in a form; or JSON that names one of: an archive that was uploaded directly, a prefix in an allowed bucket, a list of uploads and URLs, a wish to score again what is stored, by a bundle that is named or the active one.',
    body: {
      content: {
        'multipart/form-data': form(batchOptionsSchema, 'The archive'),
        'application/json': creation,
      },
    },
    answers: {
      202: {
        description: 'Stored; a worker goes through it.',
        content: asJson,
        headers: ['Location', 'Retry-After'],
        leadsTo: ['getBatch', 'listItems', 'getReport', 'listenToBatch', 'retryFailed', 'cancelBatch'],
      },
    },
    problems: [
      ...UPLOAD_PROBLEMS,
      'not_found',
      'media_gone',
      'not_an_archive',
      'archive_over_limit',
      'bundle_refused',
    ],
  },
  {
    ...about,
    method: 'get',
    path: '/v1/batches',
    id: 'listBatches',
    scope: 'read',
    summary: 'List batches, the newest first',
    parameters: { query: pageQuerySchema },
    answers: {
      200: {
        description: 'A page of them.',
        content: { 'application/json': pageSchema(batchSchema) },
        headers: ['Cache-Control'],
      },
    },
  },
  {
    ...one,
    method: 'get',
    path: '/v1/batches/{id}',
    id: 'getBatch',
    scope: 'read',
    summary: 'Read a batch, or wait for its end',
    parameters: { ...one.parameters, query: waitQuerySchema },
    answers: {
      200: {
        description:
          'State, counters, progress, rate and expected end. `queued`, `processing`, `succeeded`, `failed`, `skipped` and `canceled` add up to `total`: the entries that are known, in the end those that were read.',
        content: asJson,
        headers: ['Retry-After', 'Cache-Control'],
      },
    },
  },
  {
    ...one,
    method: 'get',
    path: '/v1/batches/{id}/items',
    id: 'listItems',
    scope: 'read',
    summary: 'List the entries of a batch, in the order of the archive',
    parameters: { ...one.parameters, query: pageQuerySchema.extend({ status: itemStatusSchema.optional() }) },
    answers: {
      200: {
        description: 'A page of them.',
        content: { 'application/json': pageSchema(batchItemSchema) },
        headers: ['Cache-Control'],
      },
    },
  },
  {
    ...one,
    method: 'get',
    path: '/v1/batches/{id}/report',
    id: 'getReport',
    scope: 'read',
    summary: 'The report of a batch',
    parameters: { ...one.parameters, query: reportQuerySchema },
    answers: {
      200: {
        description: 'One row an entry; the page also has totals and a histogram of the scores.',
        content: {
          'text/csv': { type: 'string' },
          'application/x-ndjson': { type: 'string' },
          'text/html': { type: 'string' },
        },
        headers: ['Content-Disposition', 'Cache-Control'],
      },
    },
  },
  {
    ...one,
    method: 'post',
    path: '/v1/batches/{id}/cancel',
    id: 'cancelBatch',
    scope: 'submit',
    summary: 'Cancel a batch',
    description:
      'What has been analysed stays. Entries that were not read by then are not listed, and `counters.total` counts those that are. `conflict` where the batch has ended already.',
    answers: {
      202: { description: 'It will end as canceled.', content: asJson, headers: ['Location', 'Retry-After'] },
    },
  },
  {
    ...one,
    method: 'post',
    path: '/v1/batches/{id}/retry-failed',
    id: 'retryFailed',
    scope: 'submit',
    summary: 'Try the failed entries again',
    description:
      'Analyses again what failed, and fetches again what could not be fetched. An entry that its archive did not give up is not tried.',
    answers: {
      202: { description: 'They are queued.', content: asJson, headers: ['Location', 'Retry-After'] },
    },
  },
  {
    ...one,
    method: 'get',
    path: '/v1/batches/{id}/events',
    id: 'listenToBatch',
    scope: 'read',
    summary: 'Follow a batch by server-sent events',
    ...eventStream(one.parameters.path),
  },
];
