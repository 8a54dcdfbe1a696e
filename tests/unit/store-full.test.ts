import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { openStore, type ObjectStore } from '@bonafide/platform';

let server: Server;
let store: ObjectStore;
/** How a PUT of an object is refused. */
let refusal: { status: number; code: string; message: string };

/** A real server cannot be filled here with a quota of its own, so this one says what such servers say. */
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().once('end', () => {
      if (request.method !== 'PUT') return response.writeHead(200).end();
      const { status, code, message } = refusal;
      const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
      return response.writeHead(status, { 'content-type': 'application/xml' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test-secret' };
  store = await openStore({ kind: 's3', bucket: 'bonafide', endpoint, region: 'us-east-1', credentials });
});
afterAll(() => {
  store.close();
  server.closeAllConnections();
  server.close();
});

const writes: [string, () => Promise<unknown>][] = [
  ['a document', () => store.put('a/document', Buffer.from('x'))],
  ['a new document', () => store.create('a/document', Buffer.from('x'))],
  ['a recording', () => store.put('a/recording', Readable.from([Buffer.from('x')]))],
  ['a copy', () => store.copy('a/document', 'a/copy')],
];

describe.each<[string, typeof refusal]>([
  [
    "MinIO's disk",
    { status: 507, code: 'XMinioStorageFull', message: 'Storage backend has reached its minimum' },
  ],
  [
    "MinIO's quota",
    { status: 400, code: 'XMinioAdminBucketQuotaExceeded', message: 'Bucket quota exceeded' },
  ],
  [
    "MinIO's disk at its very end",
    { status: 500, code: 'InternalError', message: 'cause(no space left on device)' },
  ],
  ["Ceph's or versitygw's quota", { status: 403, code: 'QuotaExceeded', message: 'quota exceeded' }],
  [
    "Garage's quota",
    { status: 403, code: 'AccessDenied', message: 'Forbidden: Bucket size quota is reached, maximum' },
  ],
  [
    "Garage's disk",
    { status: 500, code: 'InternalError', message: 'Internal error: No space left on device (os error 28)' },
  ],
  ['a server that has the HTTP status alone', { status: 507, code: 'Other', message: 'no' }],
])('%s', (_what, said) => {
  test.each(writes)(
    'When it is full and %s is written, then that is storage_full',
    async (_written, write) => {
      refusal = said;
      await expect(write()).rejects.toMatchObject({ code: 'storage_full', status: 507, retryable: true });
    },
  );
});

test.each<[string, typeof refusal]>([
  ['is busy', { status: 503, code: 'SlowDown', message: 'Please reduce your request rate' }],
  ['is in trouble', { status: 500, code: 'InternalError', message: 'We encountered an internal error' }],
])('When the store %s, then it is unavailable and not full', async (_what, said) => {
  refusal = said;
  await expect(writes[0][1]()).rejects.toMatchObject({ code: 'unavailable' });
});

test.each<[string, typeof refusal]>([
  [
    'is not ours to write to',
    { status: 403, code: 'AccessDenied', message: 'Operation is not allowed for this key' },
  ],
  [
    'takes nothing of that size',
    { status: 400, code: 'EntityTooLarge', message: 'Your proposed upload exceeds' },
  ],
])('When the store %s, then that is no fault of its room', async (_what, said) => {
  refusal = said;
  await expect(writes[0][1]()).rejects.toMatchObject({ name: said.code });
});
