import type { ZodOpenApiObject } from 'zod-openapi';

/** What is sent to webhook endpoints, one entry an event type. */
export const EVENT_OPERATIONS: NonNullable<ZodOpenApiObject['webhooks']> = {};
