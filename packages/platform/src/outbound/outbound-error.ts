export type OutboundFault =
  | 'address_not_allowed'
  | 'name_not_found'
  | 'timeout'
  | 'connection_refused'
  | 'connection_failed'
  | 'tls_failed';

/** A call to an address that somebody else named did not come to an answer. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  constructor(
    readonly fault: OutboundFault,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

type Fault = { name?: string; code?: string; cause?: unknown; errors?: unknown[] };

/** What went wrong, in our words: the error's own may tell of the network behind us. */
export function outboundError(error: unknown): OutboundError {
  if (error instanceof OutboundError) return error;
  const [fault, message] = wordsFor(codesOf(error));
  return new OutboundError(fault, message, { cause: error });
}

function wordsFor(codes: readonly string[]): [OutboundFault, string] {
  const has = (pattern: RegExp) => codes.some((code) => pattern.test(code));
  if (has(/^(TimeoutError|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|ETIMEDOUT)$/)) {
    return ['timeout', 'There was no answer in time'];
  }
  if (has(/^(ENOTFOUND|EAI_AGAIN|ENODATA)$/)) return ['name_not_found', 'The host name is not known'];
  if (has(/^ECONNREFUSED$/)) return ['connection_refused', 'The connection was refused'];
  if (has(/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/)) {
    return ['tls_failed', 'The connection could not be made secure'];
  }
  return ['connection_failed', 'The connection failed'];
}

/** Names and codes of an error, of what caused it and, where several addresses were tried, of each. */
function codesOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { name = '', code = '', cause, errors = [] } = error as Fault;
  return [name, String(code), ...errors.flatMap(codesOf), ...codesOf(cause)];
}
