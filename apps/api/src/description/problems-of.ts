import { ERROR_CATALOGUE, type ErrorCode } from '@bonafide/contracts';
import { createsSomething, type Operation } from './operation';

/** What any request may meet: a path that is no path, a head too slow or too large, a fault of ours, a part away. */
const ALWAYS: readonly ErrorCode[] = [
  'invalid_request',
  'request_timeout',
  'headers_too_large',
  'internal_error',
  'unavailable',
];
const GUARDED: readonly ErrorCode[] = ['unauthorized', 'forbidden', 'rate_limited'];
const WITH_BODY: readonly ErrorCode[] = ['unsupported_media_type', 'body_too_large'];
/** Of a key used again too early, or for something else; and there must be room for what is made. */
const CREATING: readonly ErrorCode[] = ['conflict', 'unprocessable', 'storage_full'];

/** Every refusal of an operation: those that follow from its kind, and its own. */
export function problemsOf(operation: Operation): ErrorCode[] {
  const { scope, body, problems = [] } = operation;
  return [
    ...new Set([
      ...ALWAYS,
      ...(scope === null ? [] : GUARDED),
      ...(body ? WITH_BODY : []),
      ...(createsSomething(operation) ? CREATING : []),
      ...(namesSomething(operation) ? (['not_found'] as const) : []),
      ...problems,
    ]),
  ];
}

/** By its path, or by where a page of a list begins. */
function namesSomething({ parameters }: Operation): boolean {
  return parameters?.path !== undefined || parameters?.query?.shape.cursor !== undefined;
}

/** The codes by HTTP status, ascending. */
export function byStatus(codes: readonly ErrorCode[]): [status: number, codes: ErrorCode[]][] {
  const groups = new Map<number, ErrorCode[]>();
  for (const code of [...codes].sort()) {
    const { status } = ERROR_CATALOGUE[code];
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return [...groups].sort(([a], [b]) => a - b);
}
