import { unzstd } from '../../apps/worker/src/archive/unzstd';
import { zstdOf } from '../system/archives';

/** The lower half of XXH64 of `abc` (xxHash's own test vector: 44bc2cf5ad770999). */
const CHECKSUM_OF_ABC = 0xad770999;
const abc = Buffer.from('abc');
const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

async function unpacked(stream: Buffer, pieceBytes: number): Promise<string> {
  async function* packed(): AsyncGenerator<Buffer> {
    for (let at = 0; at < stream.length; at += pieceBytes) yield stream.subarray(at, at + pieceBytes);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of unzstd(packed())) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('zstd frames', () => {
  test.each([1, 7, 1_000])(
    'When they come in pieces of %d bytes, then all of them are unpacked',
    async (bytes) => {
      const stream = Buffer.concat([zstdOf(abc), skippable, zstdOf(abc, CHECKSUM_OF_ABC)]);
      expect(await unpacked(stream, bytes)).toBe('abcabc');
    },
  );

  test.each([
    ['says something else than its checksum', zstdOf(Buffer.from('abd'), CHECKSUM_OF_ABC), /checksum/],
    ['breaks off', zstdOf(abc, CHECKSUM_OF_ABC).subarray(0, -1), /breaks off/],
    ['is followed by something else', Buffer.concat([zstdOf(abc), Buffer.from('rest')]), /no frame/],
  ])('When one %s, then the archive is damaged', async (_what, stream, said) => {
    const expected = { code: 'archive_damaged', message: expect.stringMatching(said) as string };
    await expect(unpacked(stream, 1_000)).rejects.toMatchObject(expected);
  });
});
