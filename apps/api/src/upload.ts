import { createHash } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CodedError } from '@bonafide/contracts';
import busboy, { type Busboy } from 'busboy';
import type { Request } from 'express';
import { cleanFilename } from './filename';
import type { LocalResponse } from './requests';

export type Upload = { filename: string; bytes: number; sha256: string; texts: Record<string, string> };

export type UploadSpec = {
  /** Names under which the recording may come. */
  fields: readonly string[] | 'any';
  maxBytes: number;
  /** Takes the recording as it arrives; nothing may remain when the stream fails. */
  save: (content: Readable) => Promise<void>;
};

/** What a form says, whatever its boundary and the order of its fields. */
function digestOfForm({ texts, filename, sha256 }: Upload): string {
  const fields = Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1));
  const content = JSON.stringify([fields, filename, sha256]);
  return createHash('sha256').update(content).digest('hex');
}

type SavedFile = Omit<Upload, 'texts'>;

/** What a form may hold beside the recording: a second file is let through to be refused by name. */
const LIMITS = { files: 2, fields: 50, parts: 60, fieldSize: 8_192, fieldNameSize: 100, headerPairs: 50 };
/** Boundaries, part headers and text fields come on top of the file. */
const FORM_ALLOWANCE_BYTES = 1024 * 1024;

/**
 * Reads a multipart form whose one file goes to `save` while it is hashed; never more than a few blocks of
 * it are in memory. Texts may stand before or behind the file.
 * @throws CodedError for every fault of the form; what `save` throws is passed on.
 */
export async function receiveUpload(request: Request, spec: UploadSpec): Promise<Upload> {
  if (Number(request.get('content-length') ?? 0) > spec.maxBytes + FORM_ALLOWANCE_BYTES) {
    throw tooLarge(spec.maxBytes);
  }
  const parser = openParser(request);
  const texts: Record<string, string> = Object.create(null) as Record<string, string>;
  const abort = new AbortController();
  let saving: Promise<SavedFile> | undefined;
  try {
    await parseForm(request, parser, (fail) => {
      parser.on('field', (name, value) => (texts[name] = value));
      parser.on('file', (name, content, info) => {
        content.on('error', () => undefined);
        const refusal = saving ? new CodedError('too_many_files') : refuseField(name, spec);
        if (refusal) {
          content.resume();
          fail(refusal);
          return;
        }
        // A quotation mark of a name comes as %22 (HTML, 4.10.22.8).
        saving = saveFile(content, spec, abort.signal).then((file) => ({
          ...file,
          filename: cleanFilename(info.filename?.replaceAll('%22', '"')),
        }));
        saving.catch(fail);
      });
    });
    if (!saving)
      throw new CodedError('missing_file', `The form has no file in the field ${expectedField(spec)}`);
    const upload = { ...(await saving), texts };
    (request.res as LocalResponse).locals.contentSha256 = digestOfForm(upload);
    return upload;
  } catch (error) {
    abort.abort(error);
    await saving?.catch(() => undefined);
    throw error;
  }
}

function openParser(request: Request): Busboy {
  if (!request.is('multipart/form-data')) {
    throw new CodedError('unsupported_media_type', 'The recording is to be sent as multipart/form-data');
  }
  try {
    return busboy({ headers: request.headers, limits: LIMITS, defParamCharset: 'utf8' });
  } catch (error) {
    throw new CodedError('malformed_upload', 'The form has no usable boundary', { cause: error });
  }
}

/** Resolves when the whole form is read; rejects at the first fault, and then leaves the request unread. */
async function parseForm(request: Request, parser: Busboy, listen: (fail: (error: Error) => void) => void) {
  const cut = () => new CodedError('malformed_upload', 'The upload broke off');
  if (request.destroyed) throw cut();
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => {
      request.unpipe(parser);
      reject(error);
    };
    listen(fail);
    parser.on('error', (error: Error) => {
      fail(
        new CodedError('malformed_upload', `The form is not readable: ${error.message}`, { cause: error }),
      );
    });
    parser.on('filesLimit', () => fail(new CodedError('too_many_files')));
    parser.on('fieldsLimit', () => fail(new CodedError('malformed_upload', 'The form has too many fields')));
    parser.on('partsLimit', () => fail(new CodedError('malformed_upload', 'The form has too many parts')));
    parser.on('close', resolve);
    request.once('close', () => request.readableEnded || fail(cut()));
    request.pipe(parser);
  });
}

async function saveFile(
  content: Readable,
  { maxBytes, save }: UploadSpec,
  signal: AbortSignal,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      hash.update(chunk);
      done(bytes > maxBytes ? tooLarge(maxBytes) : null, chunk);
    },
    flush: (done) => done(bytes === 0 ? new CodedError('empty_file') : null),
  });
  const [fed, saved] = await Promise.allSettled([pipeline(content, meter, { signal }), save(meter)]);
  if (fed.status === 'rejected' && fed.reason instanceof CodedError) throw fed.reason;
  if (saved.status === 'rejected') throw saved.reason;
  if (fed.status === 'rejected') throw fed.reason;
  return { bytes, sha256: hash.digest('hex') };
}

function expectedField({ fields }: UploadSpec): string {
  return fields === 'any' ? 'file' : fields[0];
}

function refuseField(name: string, spec: UploadSpec): CodedError | null {
  if (spec.fields === 'any' || spec.fields.includes(name)) return null;
  return new CodedError(
    'unexpected_field',
    `A file came in the field ${JSON.stringify(name)}, not in ${expectedField(spec)}`,
  );
}

function tooLarge(maxBytes: number): CodedError {
  return new CodedError('file_too_large', `The file has more than ${maxBytes} bytes`);
}
