import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import type { ByteSource } from '../../apps/worker/src/archive/byte-source';
import { withoutSparseMaps } from '../../apps/worker/src/archive/sparse-maps';
import { readTar } from '../../apps/worker/src/archive/tar-reader';

/**
 * Made by GNU tar 1.34, `tar --format=gnu -S -cf - holes.wav behind.wav | gzip`: thirty stretches of 4,096 bytes 0x01
 * with holes between them, whose map goes on in two further blocks, and behind them 600 bytes 0x02.
 */
const BY_GNU_TAR = gunzipSync(
  Buffer.from(
    'H4sIAAAAAAACA+3TT07CQBTA4cGT9ASk006Hg3gCjCSYGE345/VFMArC20ld+H2LzvQtfi9ddPn6vFhP3+a7dDvtXi3lcO6dn309nR3v' +
      'XW6HPjX3aQTb9Wa+apr0Z86+/CB/37tgXoJ5vZxPPp6z7vhydXsOtudgew6253p93gX9Luh3Qb8L+n3Q74N+H/T7oF+Cfgn6JeiXoD8E' +
      '/SHoD0F/CPr1Sn9y+m8Ge2qwpwZ7ZsF3zLponi/+fcY1AQ' +
      'A'.repeat(156) +
      'D4JQ+L5dPL4/Rtvks30+7VUg7n3s8z5/7r/jmf1aFNTZtGsF1v5qumSf/UHdxAAgAAAAAAAGBU7zU8sv0ACAIA',
    'base64',
  ),
);
const pass = () => undefined;
const METER = { entry: pass, unpacked: pass, willReach: pass, assertEntry: pass };

function sourceOf(content: Buffer): ByteSource {
  const open = ({ start, end }: { start: number; end?: number }) =>
    Promise.resolve(Readable.from([content.subarray(start, end === undefined ? undefined : end + 1)]));
  return { bytes: content.length, open };
}

async function list(tar: Buffer): Promise<[path: string, kind: string, content: string][]> {
  const found: [string, string, string][] = [];
  for await (const entry of readTar(sourceOf(tar), { kind: 'tar', meter: METER, from: 0 })) {
    const chunks: Buffer[] = [];
    if (entry.kind === 'file') for await (const chunk of entry.content()) chunks.push(chunk);
    found.push([entry.path, entry.kind, Buffer.concat(chunks).toString('hex')]);
  }
  return found;
}

test('When a file with many holes stands in a tar of GNU, then it is left out and what is behind it is read', async () => {
  expect(await list(BY_GNU_TAR)).toEqual([
    ['holes.wav', 'sparse', ''],
    ['behind.wav', 'file', '02'.repeat(600)],
  ]);
});

test.each([1, 100, 512, 1_000, 5_000])(
  'When a tar comes in pieces of %i bytes, then only the maps are taken out of it',
  async (size) => {
    const pieces = Array.from({ length: Math.ceil(BY_GNU_TAR.length / size) }, (_, index) =>
      BY_GNU_TAR.subarray(index * size, (index + 1) * size),
    );
    const left: Buffer[] = [];
    for await (const piece of withoutSparseMaps(Readable.from(pieces) as AsyncIterable<Buffer>, new Set()))
      left.push(piece);
    const without = Buffer.concat([BY_GNU_TAR.subarray(0, 512), BY_GNU_TAR.subarray(3 * 512)]);
    expect(Buffer.concat(left).equals(without)).toBe(true);
  },
);

test('When what follows is no tar, then nothing of it is taken out', async () => {
  const strange = Buffer.concat([Buffer.alloc(512, 'x'), BY_GNU_TAR]);
  const left: Buffer[] = [];
  for await (const piece of withoutSparseMaps(Readable.from([strange]) as AsyncIterable<Buffer>, new Set()))
    left.push(piece);
  expect(Buffer.concat(left).equals(strange)).toBe(true);
});
