import { CodedError } from '@bonafide/contracts';

const FULL = new Set([
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'InsufficientStorage',
  'XMinioStorageFull',
  'QuotaExceeded',
]);
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'TimeoutError',
  'SlowDown',
  'ServiceUnavailable',
  'InternalError',
  'NoSuchBucket',
]);

export function isErrno(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === code;
}

/** Gives faults of the store itself their code; everything else (a broken upload, an abort) is passed on. */
export function storeFault(error: unknown): unknown {
  if (error instanceof CodedError) return error;
  const names = namesOf(error);
  if (names.some((name) => FULL.has(name))) {
    return new CodedError('storage_full', undefined, { cause: error });
  }
  if (names.some((name) => UNREACHABLE.has(name)) || httpStatusOf(error) >= 500) {
    return new CodedError('unavailable', 'The object store cannot be reached', { cause: error });
  }
  return error;
}

function namesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? error.errors.flatMap(namesOf) : [];
  return [error.name, (error as NodeJS.ErrnoException).code ?? '', ...inner, ...namesOf(error.cause)];
}

export function httpStatusOf(error: unknown): number {
  return (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode ?? 0;
}
