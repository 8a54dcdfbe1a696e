import { errorOf, UnexpectedAnswerError } from './problem-error';

export type CallOptions = { signal?: AbortSignal };
/** Repeating a creation under the same key gives the first answer again instead of a second thing. */
export type CreationOptions = CallOptions & { idempotencyKey?: string };

export type ClientOptions = {
  /** `bf_…`; not needed where the service has no keys, or the browser is signed in. */
  key?: string;
  /** Another implementation, for proxies or tests. */
  fetch?: typeof fetch;
};

type Query = Readonly<Record<string, string | number | undefined>>;
export type Call = CreationOptions & {
  method?: string;
  query?: Query;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  body?: RequestInit['body'];
  headers?: Record<string, string>;
};

type Schema<T> = { parse(value: unknown): T };

/** Speaks HTTP with one service. */
export type Connection = {
  /** The answer as it comes. @throws ProblemError when the service refuses; UnexpectedAnswerError */
  send: (path: string, call?: Call) => Promise<Response>;
  /** The answer as its schema has it. */
  read: <T>(schema: Schema<T>, path: string, call?: Call) => Promise<T>;
};

export function connect(baseUrl: string, { key, fetch: given }: ClientOptions = {}): Connection {
  const send: Connection['send'] = async (path, call = {}) => {
    const { method = 'GET', signal, body, json } = call;
    const response = await (given ?? fetch)(addressOf(baseUrl, path, call.query), {
      method,
      signal,
      headers: headersOf(call, key),
      body: json === undefined ? body : JSON.stringify(json),
      // Needed by every fetch whose body is a stream, and meaningless to others.
      ...({ duplex: 'half' } as object),
    });
    if (!response.ok) throw await errorOf(response);
    return response;
  };
  return { send, read: async (schema, path, call) => schema.parse(await bodyOf(await send(path, call))) };
}

function addressOf(baseUrl: string, path: string, query: Query = {}): URL {
  const url = new URL(path, baseUrl);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

function headersOf({ json, idempotencyKey, headers }: Call, key: string | undefined): Record<string, string> {
  return {
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    ...headers,
  };
}

async function bodyOf(response: Response): Promise<unknown> {
  const body: unknown = await response.json().catch(() => null);
  if (body === null) throw new UnexpectedAnswerError(`${response.url} answered something that is not JSON`);
  return body;
}
