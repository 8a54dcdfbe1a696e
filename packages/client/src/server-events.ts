import type { CallOptions, Connection } from './connection';
import { ProblemError } from './problem-error';
import { pause, pauseAfter } from './wait';

/** One server-sent event. */
export type ServerEvent = { id: string | null; event: string; data: unknown };

const OVER = new Set(['succeeded', 'failed', 'canceled', 'completed']);
const RECONNECT_SEC = 1;

/**
 * Events as they come, until the one that tells of the end. A connection that breaks is made again and goes on
 * where it broke.
 */
export async function* listen(
  { send }: Connection,
  path: string,
  { signal }: CallOptions = {},
): AsyncGenerator<ServerEvent, void, undefined> {
  let lastId: string | null = null;
  for (;;) {
    const pauseSec = yield* listenOnce();
    if (pauseSec === null) return;
    await pause(pauseSec, signal);
  }

  /** Null at the end, else seconds until the next try. */
  async function* listenOnce(): AsyncGenerator<ServerEvent, number | null, undefined> {
    try {
      const headers = { accept: 'text/event-stream', ...(lastId !== null && { 'last-event-id': lastId }) };
      const { body } = await send(path, { headers, signal });
      for await (const event of parseEvents(textOf(body as ReadableStream<Uint8Array>))) {
        lastId = event.id ?? lastId;
        yield event;
        if (tellsEnd(event.data)) return null;
      }
      return RECONNECT_SEC;
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof ProblemError && pauseAfter(error) === null) throw error;
      return pauseAfter(error) ?? RECONNECT_SEC;
    }
  }
}

function tellsEnd(data: unknown): boolean {
  const status = (data as { status?: unknown } | null)?.status;
  return typeof status === 'string' && OVER.has(status);
}

async function* textOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The event stream format (HTML, 9.2.6), with JSON as data; comments and what is no JSON are left out. */
export async function* parseEvents(
  chunks: AsyncIterable<string>,
): AsyncGenerator<ServerEvent, void, undefined> {
  let rest = '';
  for await (const chunk of chunks) {
    const blocks = (rest + chunk).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event) yield event;
    }
  }
}

function parseBlock(block: string): ServerEvent | null {
  const fields = block.split('\n').flatMap((line) => {
    const [, name, value] = /^([^:]+):? ?(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, value }];
  });
  const last = (wanted: string) => fields.findLast(({ name }) => name === wanted)?.value;
  const data = fields.filter(({ name }) => name === 'data').map(({ value }) => value);
  if (data.length === 0) return null;
  try {
    return { id: last('id') ?? null, event: last('event') ?? 'message', data: JSON.parse(data.join('\n')) };
  } catch {
    return null;
  }
}
