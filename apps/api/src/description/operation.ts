import type { ErrorCode, Scope } from '@bonafide/contracts';
import { z } from 'zod';
import type { JsonSchema } from './openapi';

export const TAGS = {
  Analyses: 'One recording each: hand over, wait or be called back, read, cancel, delete.',
  Feedback: 'Say what a recording really was: audited, revocable, and with consent kept for training.',
  Uploads: 'Hand the bytes to the store directly, then name them in a submission.',
  Batches: 'Many recordings at once: an archive, a bucket prefix, or a list.',
  Webhooks: 'Be told instead of asking. Signed as Standard Webhooks describes.',
  Keys: 'Who may do what. Managed by keys with the scope `admin`.',
  Models: 'What judges, and how well it did in tests.',
  Monitoring: 'Is what comes in still what the models know, and how often are they right.',
  Sharing: 'Show one result to somebody without a key.',
  Session: 'The browser signs in with a key and gets a cookie.',
  Service: 'Is it alive, is it ready, what can it do.',
} as const;

export type Tag = keyof typeof TAGS;
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A body: a schema of ours, or one that JSON Schema can only name, such as bytes or a page. */
export type Content = Record<string, z.ZodType | JsonSchema>;

export function isSchema(schema: Content[string]): schema is z.ZodType {
  return schema instanceof z.ZodType;
}

export type Answer = {
  description: string;
  content?: Content;
  /** Names of HEADERS that come with it, beside those that come with every answer. */
  headers?: readonly HeaderName[];
  /** Operations that take the `id` of this answer. */
  leadsTo?: readonly string[];
};

/** One route as its callers see it. What follows from `scope`, `body` and `creates` need not be repeated. */
export type Operation = {
  method: Method;
  path: `/${string}`;
  /** Unique; the name that generated clients give the call. */
  id: string;
  tag: Tag;
  summary: string;
  description?: string;
  /** What the key must allow; null where none is asked for. */
  scope: Scope | null;
  parameters?: { path?: z.ZodObject; query?: z.ZodObject; header?: z.ZodObject };
  body?: { content: Content; isOptional?: true };
  answers: Record<number, Answer>;
  /** Refusals of its own. */
  problems?: readonly ErrorCode[];
};

/** Headers of answers. */
export const HEADERS = {
  'X-Request-Id': 'Under this id the logs know the request. A harmless one of the caller’s is kept.',
  Location: 'Where to find what was made.',
  'Retry-After': 'Seconds to wait before asking again.',
  'Cache-Control': 'Who may keep the answer.',
  'RateLimit-Policy': 'The limits that hold for the key (IETF draft).',
  RateLimit: 'What is left of them, and seconds until more is (IETF draft).',
  'Idempotency-Replayed': '`true` where the answer is one given before to the same Idempotency-Key.',
  'Idempotency-Expires': 'Until when the same Idempotency-Key gives the same answer.',
  Allow: 'The methods that are allowed here.',
  'WWW-Authenticate': 'How to authenticate.',
  'Accept-Ranges': 'Parts may be asked for by `Range`.',
  'Content-Range': 'Which part this is.',
  'Content-Disposition': 'The name to save it under.',
  ETag: 'Changes with the content.',
} as const;
export type HeaderName = keyof typeof HEADERS;

/** A POST under a key may be repeated by its Idempotency-Key. */
export function createsSomething({ method, scope }: Pick<Operation, 'method' | 'scope'>): boolean {
  return method === 'post' && scope !== null;
}
