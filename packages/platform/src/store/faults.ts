import { CodedError } from '@bonafide/contracts';

/** Of the system; then of S3 servers: disks and quotas of MinIO, quotas of Ceph, Ozone and versitygw. */
const FULL = new Set([
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'InsufficientStorage',
  'XMinioStorageFull',
  'XMinioAdminBucketQuotaExceeded',
  'QuotaExceeded',
]);
/** Some say it in words only, under a code that says less: MinIO and Garage of a disk, Garage of a quota. */
const FULL_IN_WORDS = /no space left on device|quota is reached/i;
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
  const { message = '' } = (error ?? {}) as Partial<Error>;
  if (names.some((name) => FULL.has(name)) || httpStatusOf(error) === 507 || FULL_IN_WORDS.test(message)) {
    return new CodedError('storage_full', undefined, { cause: error });
  }
  if (names.some((name) => UNREACHABLE.has(name)) || httpStatusOf(error) >= 500) {
    return new CodedError('unavailable', 'The object store cannot be reached', { cause: error });
  }
  return error;
}

type Fault = { name?: string; code?: string; cause?: unknown; errors?: unknown[] };

/** Names and codes of an error, of what caused it and, where several addresses were tried, of each. */
function namesOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { name = '', code = '', cause, errors = [] } = error as Fault;
  return [name, code, ...errors.flatMap(namesOf), ...namesOf(cause)];
}

export function httpStatusOf(error: unknown): number {
  return (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode ?? 0;
}
