import { refusal, NetworkError } from './http';

export type UploadJob = {
  url: string;
  file: Blob;
  filename: string;
  fields?: Record<string, string>;
  idempotencyKey: string;
  onProgress: (share: number) => void;
  signal: AbortSignal;
};

/**
 * Sends one file and resolves to the JSON answer. XMLHttpRequest, because fetch tells nothing about the
 * progress of what it sends.
 * @throws NetworkError, ProblemError, UnexpectedAnswerError
 */
export async function upload<T>(job: UploadJob): Promise<T> {
  const response = await send(job);
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as T;
}

function send({ url, file, filename, fields = {}, ...job }: UploadJob): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', file, filename);
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.open('POST', url);
    request.setRequestHeader('Idempotency-Key', job.idempotencyKey);
    request.upload.onprogress = ({ loaded, total }) => job.onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => resolve(answerOf(request));
    request.onerror = () => reject(new NetworkError('the upload broke off'));
    // A page that is being left aborts as well: only what was called off here is not to be repeated.
    request.onabort = () =>
      reject(job.signal.aborted ? new DOMException('cancelled', 'AbortError') : new NetworkError('cut off'));
    job.signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}

function answerOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  const retryAfter = request.getResponseHeader('Retry-After');
  if (retryAfter) headers.set('Retry-After', retryAfter);
  return new Response(request.responseText, { status: request.status, headers });
}
