import type { ErrorCode } from '@bonafide/contracts';

/** What each problem means and what whoever meets it can do. */
export const PROBLEM_HELP: Record<ErrorCode, string> = {
  empty_file: 'The file that was sent has no bytes. Check the path or the recorder that made it.',
  not_audio:
    'No reader for sound or video recognises the file: it is text, a picture, an archive, or damaged from its first bytes on. Archives belong to `POST /v1/batches`.',
  no_audio_track: 'The file is a container that can be read, such as a video, but there is no sound in it.',
  truncated_audio:
    'The file ends before its first sample: an upload or a copy was cut off. Send it again from the source.',
  encrypted_media: 'The sound is protected against copying. Send an unprotected copy.',
  silent_audio:
    'There is no sound above the noise floor, so there is nothing to judge. Check the microphone or the channel.',
  audio_too_short:
    'After leading and trailing silence is taken off, less than half a second remains. A few seconds of speech are needed; more makes the answer surer.',
  sample_rate_too_low:
    'The recording has fewer than 4,000 samples a second, too few for speech. Send the recording it was made from.',
  audio_too_long:
    'The recording is longer than this deployment allows (`MAX_DURATION_S`). Cut it into parts.',
  decode_failed:
    'The format is known, but its content is damaged. Send another copy, or convert it with a tool that can repair it.',
  decode_timeout:
    'Reading the file took longer than allowed, which happens with files made to be expensive. Convert it to WAV or FLAC.',
  worker_crashed:
    'The analysis ended its process twice and was given up, so that other work goes on. Please report the file to whoever runs the service.',
  bundle_refused:
    'The bundle contradicts itself or does not fit this program: a hash, a shape, the names of its features, or what its members answer to its own samples. `detail` names the file and the field. What serves goes on.',
  media_gone:
    'The recording was deleted, by its retention or by a request; what was found out about it may still be there.',
  not_an_archive:
    'The file is no zip, tar, tar.gz or tar.zst. A single recording belongs to `POST /v1/analyses`.',
  archive_damaged:
    'The archive contradicts itself or breaks off. What was read before stays; pack it again for the rest.',
  archive_over_limit:
    'The archive has more entries or bytes than this deployment allows. What was read before stays; hand the rest over as another batch.',
  fetch_failed:
    'The recording could not be fetched from the URL: its host did not answer, refused, or is not allowed to be called. `detail` says which.',
  invalid_request:
    'Something in the path, the query, a header or the body is not as described. `detail` names every fault.',
  missing_file: 'The form carries no file. It belongs in the field `file`.',
  unexpected_field: 'The file came in a field of another name. It belongs in the field `file`.',
  too_many_files: 'One request takes one recording. For many use `POST /v1/batches`.',
  malformed_upload:
    'The body is not a readable multipart form, or the upload broke off. Let a library write the form, boundary included.',
  unsupported_media_type: 'The route does not read this content type. The reference names those it does.',
  file_too_large: 'The file has more bytes than this deployment allows; `detail` says how many that is.',
  body_too_large: 'The body has more bytes than this route reads.',
  unauthorized:
    'There is no key in `Authorization: Bearer bf_…` or `X-API-Key`, or it is unknown, expired or revoked. Keys are made by `npm run keys -- create --name …`.',
  forbidden:
    'The key is good, but lacks the scope that `detail` names; or a page of another site made the request; or a service without keys was called by a name that is not one of its machine.',
  not_found:
    'There is no such path or thing. What belongs to somebody else is answered in just the same way.',
  method_not_allowed: 'The path exists, but not with this method. `Allow` lists those it has.',
  range_not_satisfiable:
    'The part that `Range` asks for lies behind the end of the recording; `Content-Range` says how long it is.',
  request_timeout:
    'The head of the request took more than a minute to arrive, or all of it longer than an upload may. The connection was closed; try again.',
  headers_too_large: 'The headers have more than 16 KiB in all. Leave out what the service does not read.',
  conflict:
    'The thing is not in a state that allows this, such as cancelling what has ended; or a request with the same `Idempotency-Key` is still running.',
  unprocessable:
    'The request is well-formed but cannot be carried out, for the reason in `detail`; or its `Idempotency-Key` was used for another request.',
  rate_limited:
    'The key has used up its share of submissions, bytes or reads. `RateLimit` tells when there will be more.',
  internal_error: 'A fault of the service. The logs know it under `request_id`.',
  unavailable:
    'The queue or the store cannot be reached just now. Nothing of the request was kept unless it was acknowledged.',
  storage_full: 'There is no room left to store what was sent; whoever runs the service has to make some.',
};
