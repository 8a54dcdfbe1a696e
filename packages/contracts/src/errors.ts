import { z } from 'zod';

/**
 * Every coded error of the product: what a client sees as `code`, the HTTP status it maps to where HTTP
 * speaks of it, and whether trying the same thing again can help.
 */
export const ERROR_CATALOGUE = {
  empty_file: { status: 400, title: 'The file is empty', retryable: false },
  not_audio: { status: 415, title: 'The file is not audio that can be read', retryable: false },
  no_audio_track: { status: 422, title: 'The file has no sound track', retryable: false },
  truncated_audio: { status: 422, title: 'The file breaks off before its sound begins', retryable: false },
  encrypted_media: { status: 422, title: 'The media is encrypted', retryable: false },
  silent_audio: { status: 422, title: 'The recording is silent', retryable: false },
  audio_too_short: { status: 422, title: 'The recording holds too little sound', retryable: false },
  sample_rate_too_low: { status: 422, title: 'The sampling rate is too low for speech', retryable: false },
  audio_too_long: { status: 422, title: 'The recording is too long', retryable: false },
  decode_failed: { status: 422, title: 'The sound could not be decoded', retryable: false },
  decode_timeout: { status: 422, title: 'Decoding took too long', retryable: false },
  worker_crashed: { status: 500, title: 'The analysis ended its worker twice', retryable: false },
  not_an_archive: { status: 415, title: 'The file is not an archive that can be read', retryable: false },
  archive_damaged: { status: 422, title: 'The archive is damaged', retryable: false },
  archive_over_limit: {
    status: 413,
    title: 'The archive or list holds more than is allowed',
    retryable: false,
  },
  bundle_refused: { status: 422, title: 'The bundle of models cannot be used', retryable: false },
  media_gone: { status: 410, title: 'The media has been deleted', retryable: false },
  invalid_request: { status: 400, title: 'The request is not valid', retryable: false },
  missing_file: { status: 400, title: 'No file was sent', retryable: false },
  unexpected_field: { status: 400, title: 'The file was sent in an unknown field', retryable: false },
  too_many_files: { status: 400, title: 'More than one file was sent', retryable: false },
  malformed_upload: { status: 400, title: 'The upload is not valid multipart data', retryable: false },
  unsupported_media_type: { status: 415, title: 'The content type is not supported', retryable: false },
  fetch_failed: { status: 422, title: 'The recording could not be fetched', retryable: false },
  file_too_large: { status: 413, title: 'The file is too large', retryable: false },
  body_too_large: { status: 413, title: 'The request body is too large', retryable: false },
  unauthorized: { status: 401, title: 'A valid key is needed', retryable: false },
  forbidden: { status: 403, title: 'The key does not allow this', retryable: false },
  not_found: { status: 404, title: 'There is no such thing', retryable: false },
  method_not_allowed: { status: 405, title: 'The method is not allowed here', retryable: false },
  range_not_satisfiable: { status: 416, title: 'There is no such part of it', retryable: false },
  conflict: { status: 409, title: 'The request conflicts with the present state', retryable: false },
  unprocessable: { status: 422, title: 'The request cannot be carried out', retryable: false },
  request_timeout: { status: 408, title: 'The request did not arrive in time', retryable: true },
  headers_too_large: { status: 431, title: 'The headers of the request are too large', retryable: false },
  rate_limited: { status: 429, title: 'Too many requests', retryable: true },
  internal_error: { status: 500, title: 'Something went wrong here', retryable: true },
  unavailable: { status: 503, title: 'A part of the service cannot be reached', retryable: true },
  storage_full: { status: 507, title: 'There is no room to store the file', retryable: true },
} as const;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;
export const errorCodeSchema = z.enum(Object.keys(ERROR_CATALOGUE) as [ErrorCode, ...ErrorCode[]]);

/** An error that a client may see: a stable code, a sentence for people, and the cause for the log. */
export class CodedError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message?: string, options?: { cause?: unknown }) {
    super(message ?? ERROR_CATALOGUE[code].title, options);
    this.name = new.target.name;
    this.code = code;
  }

  get retryable(): boolean {
    return ERROR_CATALOGUE[this.code].retryable;
  }

  get status(): number {
    return ERROR_CATALOGUE[this.code].status;
  }
}

/** The clip itself is at fault: trying again gives the same answer. */
export class MediaError extends CodedError {}
