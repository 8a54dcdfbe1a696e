import { errorOf, ProblemError } from '@bonafide/client';
import { signal } from '@preact/signals';

/** The service cannot be reached at all. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
}

/** Whether the last call got through; the shell tells people while it did not. */
export const isOnline = signal(true);
/** Set when a call was refused for want of a key: the shell then shows the sign-in page. */
export const isKeyNeeded = signal(false);

type Call = { method?: string; body?: unknown; signal?: AbortSignal };

/** One JSON call. @throws NetworkError, ProblemError, UnexpectedAnswerError */
export async function call<T>(path: string, { method = 'GET', body, signal }: Call = {}): Promise<T> {
  const response = await reach(path, {
    method,
    signal,
    ...(body !== undefined && {
      headers: { 'Content-Type': 'application/json', ...(method === 'POST' && idempotency()) },
      body: JSON.stringify(body),
    }),
  });
  if (!response.ok) throw await refusal(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Repeating a creating call that may have got through creates nothing twice. */
const idempotency = () => ({ 'Idempotency-Key': newId() });

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(path, init);
    isOnline.value = true;
    return response;
  } catch (error) {
    if (init.signal?.aborted) throw error;
    isOnline.value = false;
    throw new NetworkError('the service cannot be reached', { cause: error });
  }
}

/** What a refusal says, noted where it concerns the whole interface. */
export async function refusal(response: Response): Promise<Error> {
  const error = await errorOf(response);
  if (error instanceof ProblemError && error.problem.code === 'unauthorized') isKeyNeeded.value = true;
  return error;
}

/** Random, also where the page came by plain HTTP and `crypto.randomUUID` is withheld. */
export function newId(): string {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}
