import {
  batchItemSchema,
  batchSchema,
  isBatchOver,
  pageSchema,
  type Batch,
  type BatchCreation,
  type BatchItem,
  type BatchOptions,
  type ItemStatus,
  type Page,
  type ReportFormat,
} from '@bonafide/contracts';
import type { CallOptions, Connection, CreationOptions } from './connection';
import { everyItem } from './pages';
import { formOf, type Recording, type StreamedRecording } from './recording';
import { listen, type ServerEvent } from './server-events';
import { pollUntil, type WaitOptions } from './wait';

export type ItemsQuery = { status?: ItemStatus; limit?: number; cursor?: string };
export type ListedPage = { limit?: number; cursor?: string };

export type Batches = {
  /** Hands an archive over: its bytes, or what names it (an upload, a prefix, a list). */
  create(source: Recording | StreamedRecording, options?: BatchOptions & CreationOptions): Promise<Batch>;
  create(source: BatchCreation, options?: CreationOptions): Promise<Batch>;
  get(id: string, options?: CallOptions & { waitSec?: number }): Promise<Batch>;
  /** The batch once it has ended. `onProgress` is told of each state in between. */
  wait(id: string, options: WaitOptions & { onProgress?: (batch: Batch) => void }): Promise<Batch>;
  list(query?: ListedPage, options?: CallOptions): Promise<Page<Batch>>;
  items(id: string, query?: ItemsQuery, options?: CallOptions): Promise<Page<BatchItem>>;
  eachItem(id: string, query?: ItemsQuery, options?: CallOptions): AsyncGenerator<BatchItem, void, undefined>;
  /** The report as it streams in. */
  report(id: string, format: ReportFormat, options?: CallOptions): Promise<ReadableStream<Uint8Array>>;
  cancel(id: string, options?: CallOptions): Promise<Batch>;
  retryFailed(id: string, options?: CallOptions): Promise<Batch>;
  events(id: string, options?: CallOptions): AsyncGenerator<ServerEvent, void, undefined>;
};

const pathOf = (id: string) => `/v1/batches/${encodeURIComponent(id)}`;

/** Where somebody watches, news are asked for this often, else only the end. */
const WATCH_SEC = 1;

export function batchesOf(connection: Connection): Batches {
  const { send, read } = connection;
  const post = { method: 'POST' };
  const get: Batches['get'] = (id, { waitSec = 0, signal } = {}) =>
    read(batchSchema, pathOf(id), { query: { wait: waitSec > 0 ? waitSec : undefined }, signal });
  const items: Batches['items'] = (id, query, options) =>
    read(pageSchema(batchItemSchema), `${pathOf(id)}/items`, { ...options, query });
  return {
    create: (
      source: Recording | StreamedRecording | BatchCreation,
      options: BatchOptions & CreationOptions = {},
    ) => read(batchSchema, '/v1/batches', creation(source, options)),
    get,
    wait: (id, { onProgress, ...options }) =>
      pollUntil(
        `batch ${id}`,
        async (leftSec) => {
          const waitSec = onProgress ? Math.min(WATCH_SEC, leftSec) : leftSec;
          const batch = await get(id, { waitSec, signal: options.signal });
          onProgress?.(batch);
          return batch;
        },
        ({ status }) => isBatchOver(status),
        options,
      ),
    list: (query, options) => read(pageSchema(batchSchema), '/v1/batches', { ...options, query }),
    items,
    eachItem: (id, query, options) => everyItem((cursor) => items(id, { ...query, cursor }, options)),
    report: async (id, format, options) => {
      const { body } = await send(`${pathOf(id)}/report`, { ...options, query: { format } });
      return body as ReadableStream<Uint8Array>;
    },
    cancel: (id, options) => read(batchSchema, `${pathOf(id)}/cancel`, { ...options, ...post }),
    retryFailed: (id, options) => read(batchSchema, `${pathOf(id)}/retry-failed`, { ...options, ...post }),
    events: (id, options) => listen(connection, `${pathOf(id)}/events`, options),
  };
}

function creation(
  source: Recording | StreamedRecording | BatchCreation,
  options: BatchOptions & CreationOptions,
) {
  const { signal, idempotencyKey, ...texts } = options;
  const call = { method: 'POST', signal, idempotencyKey };
  if ('content' in source) return { ...call, ...formOf(source, texts) };
  return { ...call, json: { ...source, ...texts } };
}
