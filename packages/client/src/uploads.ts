import {
  createdUploadSchema,
  uploadSchema,
  type CreatedUpload,
  type Upload,
  type UploadRequest,
} from '@bonafide/contracts';
import type { CallOptions, Connection, CreationOptions } from './connection';
import { UnexpectedAnswerError } from './problem-error';

export type Uploads = {
  /** Announces what will be sent. */
  create(request: UploadRequest, options?: CreationOptions): Promise<CreatedUpload>;
  /** Sends it, past the API where the store takes it itself. */
  send(upload: CreatedUpload, content: Blob, options?: CallOptions): Promise<void>;
  /** Both at once, for what fits into memory while it is hashed. */
  store(content: Blob, filename: string, options?: CreationOptions): Promise<CreatedUpload>;
  get(id: string, options?: CallOptions): Promise<Upload>;
  remove(id: string, options?: CallOptions): Promise<void>;
};

export function uploadsOf({ send, read }: Connection, fetchBytes: typeof fetch): Uploads {
  const pathOf = (id: string) => `/v1/uploads/${encodeURIComponent(id)}`;
  const uploads: Uploads = {
    create: (json, options) => read(createdUploadSchema, '/v1/uploads', { ...options, method: 'POST', json }),
    send: async ({ put }, content, { signal } = {}) => {
      const { method, url, headers } = put;
      const response = await fetchBytes(url, { method, headers, body: content, signal });
      if (!response.ok)
        throw new UnexpectedAnswerError(`the store answered ${response.status} to the upload`);
    },
    store: async (content, filename, options) => {
      const sha256 = hex(await crypto.subtle.digest('SHA-256', await content.arrayBuffer()));
      const upload = await uploads.create({ length: content.size, sha256, filename }, options);
      await uploads.send(upload, content, options);
      return upload;
    },
    get: (id, options) => read(uploadSchema, pathOf(id), options),
    remove: async (id, options) => void (await send(pathOf(id), { ...options, method: 'DELETE' })),
  };
  return uploads;
}

const hex = (digest: ArrayBuffer) =>
  Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
