import {
  createdEndpointSchema,
  deliveryIdSchema,
  deliverySchema,
  endpointChangeSchema,
  endpointCreationSchema,
  endpointIdSchema,
  endpointSchema,
  pageQuerySchema,
  pageSchema,
  rotatedSecretSchema,
  rotationSchema,
  tenantSecretSchema,
} from '@bonafide/contracts';
import { z } from 'zod';
import type { Operation } from '../operation';

const about = { tag: 'Webhooks' } as const;
const base = '/v1/webhook-endpoints';
const one = { ...about, parameters: { path: z.object({ id: endpointIdSchema }) } } as const;
const asEndpoint = { 'application/json': endpointSchema };
const asDelivery = { 'application/json': deliverySchema };

export const webhookOperations: Operation[] = [
  {
    ...about,
    method: 'post',
    path: base,
    id: 'createEndpoint',
    scope: 'submit',
    summary: 'Register an endpoint',
    problems: ['unprocessable'],
    answers: {
      201: {
        description: 'The endpoint, and the one answer that shows `secret`.',
        content: { 'application/json': createdEndpointSchema },
        headers: ['Location', 'Cache-Control'],
        leadsTo: [
          'getEndpoint',
          'changeEndpoint',
          'testEndpoint',
          'listDeliveries',
          'rotateSecret',
          'deleteEndpoint',
        ],
      },
    },
    body: { content: { 'application/json': endpointCreationSchema } },
  },
  {
    ...about,
    method: 'get',
    path: base,
    id: 'listEndpoints',
    scope: 'read',
    summary: 'List the endpoints',
    parameters: { query: pageQuerySchema },
    answers: {
      200: {
        description: 'A page of them, without secrets.',
        content: { 'application/json': pageSchema(endpointSchema) },
        headers: ['Cache-Control'],
      },
    },
  },
  {
    ...one,
    method: 'get',
    path: `${base}/{id}`,
    id: 'getEndpoint',
    scope: 'read',
    summary: 'Read an endpoint',
    answers: { 200: { description: 'The endpoint.', content: asEndpoint, headers: ['Cache-Control'] } },
  },
  {
    ...one,
    method: 'patch',
    path: `${base}/{id}`,
    id: 'changeEndpoint',
    scope: 'submit',
    summary: 'Change, enable or disable an endpoint',
    body: { content: { 'application/json': endpointChangeSchema } },
    answers: {
      200: { description: 'The endpoint as it is now.', content: asEndpoint, headers: ['Cache-Control'] },
    },
    problems: ['conflict', 'unprocessable'],
  },
  {
    ...one,
    method: 'delete',
    path: `${base}/{id}`,
    id: 'deleteEndpoint',
    scope: 'submit',
    summary: 'Remove an endpoint and its deliveries',
    answers: { 204: { description: 'Gone.' } },
  },
  {
    ...one,
    method: 'post',
    path: `${base}/{id}/rotate-secret`,
    id: 'rotateSecret',
    scope: 'submit',
    summary: 'Make a new secret',
    description: 'For a while the old one signs beside it, so that a receiver can change over.',
    body: { content: { 'application/json': rotationSchema }, isOptional: true },
    answers: {
      200: {
        description: 'The new secret.',
        content: { 'application/json': rotatedSecretSchema },
        headers: ['Cache-Control'],
      },
    },
  },
  {
    ...one,
    method: 'post',
    path: `${base}/{id}/test`,
    id: 'testEndpoint',
    scope: 'submit',
    summary: 'Send a sample event',
    problems: ['conflict'],
    answers: { 202: { description: 'Its delivery.', content: asDelivery, headers: ['Location'] } },
  },
  {
    ...one,
    method: 'get',
    path: `${base}/{id}/deliveries`,
    id: 'listDeliveries',
    scope: 'read',
    summary: 'List the deliveries to an endpoint, the newest first',
    parameters: { ...one.parameters, query: pageQuerySchema },
    answers: {
      200: {
        description: 'A page of them, with every attempt.',
        content: { 'application/json': pageSchema(deliverySchema) },
        headers: ['Cache-Control'],
      },
    },
  },
  {
    ...about,
    method: 'get',
    path: `${base}/{id}/deliveries/{delivery}`,
    id: 'getDelivery',
    scope: 'read',
    summary: 'Read a delivery',
    parameters: { path: z.object({ id: endpointIdSchema, delivery: deliveryIdSchema }) },
    answers: {
      200: {
        description: 'The delivery, with every attempt.',
        content: asDelivery,
        headers: ['Cache-Control'],
      },
    },
  },
  {
    ...about,
    method: 'get',
    path: '/v1/webhook-secret',
    id: 'getWebhookSecret',
    scope: 'submit',
    summary: 'Read the secret of `webhook_url`',
    description:
      'What is sent to the `webhook_url` of a submission or batch is signed with this one secret of the tenant. Its deliveries are listed and replayed under `endpoint_id`. The key needs `read` and `submit`.',
    answers: {
      200: {
        description: 'The secret.',
        content: { 'application/json': tenantSecretSchema },
        headers: ['Cache-Control'],
      },
    },
  },
  {
    ...about,
    method: 'post',
    path: '/v1/webhook-secret/rotate',
    id: 'rotateWebhookSecret',
    scope: 'submit',
    summary: 'Make a new secret for `webhook_url`',
    body: { content: { 'application/json': rotationSchema }, isOptional: true },
    answers: {
      200: {
        description: 'The new secret.',
        content: { 'application/json': rotatedSecretSchema },
        headers: ['Cache-Control'],
      },
    },
  },
  {
    ...about,
    method: 'post',
    path: `${base}/{id}/deliveries/{delivery}/replay`,
    id: 'replayDelivery',
    scope: 'submit',
    summary: 'Send a delivery again',
    problems: ['conflict'],
    parameters: { path: z.object({ id: endpointIdSchema, delivery: deliveryIdSchema }) },
    answers: { 202: { description: 'The delivery.', content: asDelivery, headers: ['Location'] } },
  },
];
