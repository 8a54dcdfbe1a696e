import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { BatchItem } from '@bonafide/contracts';
import {
  batchCaller,
  fixture,
  gzip,
  rubbish,
  startClassicSystem,
  tarOf,
  zipOf,
  zstdOf,
  type BatchCaller,
  type System,
} from '../system';
import { real } from './mixed-archive';

jest.setTimeout(240_000);

const TAR_BLOCK = 512;
const made = (name: string) => readFileSync(fixture(`archives/${name}`));
const told = ({ path, reason, detail, error }: BatchItem) => [path, reason ?? error?.code, detail];

describe('archives as other programs make them', () => {
  let system: System;
  let batches: BatchCaller;
  beforeAll(async () => {
    system = await startClassicSystem({ store: 'folder' });
    batches = batchCaller(system.url);
  });
  afterAll(() => system?.stop());

  const take = async (archive: Buffer, filename: string) => {
    const batch = await batches.ended((await batches.create(archive, filename)).id);
    return { batch, items: await batches.items(batch.id) };
  };

  test('When a zip has entries that are encrypted or packed in other ways, then each says so and the rest is analysed', async () => {
    const { batch, items } = await take(made('7zip.zip'), '7zip.zip');
    expect(batch).toMatchObject({ status: 'completed', counters: { skipped: 6, failed: 2 } });
    const unsupported = (method: string) => ['unsupported_compression', `is packed by ${method}`];
    expect(items.map(told)).toEqual([
      ['aes.wav', 'encrypted', null],
      ['bzip2.wav', ...unsupported('bzip2 (method 12)')],
      ['deflate.wav', 'truncated_audio', null],
      ['deflate64.wav', ...unsupported('Deflate64 (method 9)')],
      ['lzma.wav', ...unsupported('LZMA (method 14)')],
      ['ppmd.wav', ...unsupported('PPMd (method 98)')],
      ['stored.wav', 'truncated_audio', null],
      ['zipcrypto.wav', 'encrypted', null],
    ]);
  });

  test('When an entry of a zip is packed by zstd, then it is unpacked, within the limits of every other', async () => {
    const broken = zstdOf(rubbish(1));
    const { items } = await take(
      zipOf([
        { name: 'real.wav', data: real, packed: { method: 93, content: zstdOf(real) } },
        { name: 'longer.wav', data: rubbish(1), packed: { method: 93, content: zstdOf(real) } },
        { name: 'broken.wav', data: rubbish(1), packed: { method: 93, content: broken.fill(255, 6, 9) } },
        { name: 'strong.wav', data: rubbish(2), flags: 0x41 },
        { name: 'future.wav', data: rubbish(3), packed: { method: 4_711, content: Buffer.from('?') } },
      ]),
      'zstd.zip',
    );
    expect(items.map(told)).toEqual([
      ['real.wav', undefined, null],
      ['longer.wav', 'archive_damaged', null],
      ['broken.wav', 'archive_damaged', null],
      ['strong.wav', 'encrypted', null],
      ['future.wav', 'unsupported_compression', 'is packed by method 4711'],
    ]);
    expect(items[0]).toMatchObject({ status: 'succeeded', bytes: real.length });
  });

  test('When `zip` was given a recording through a pipe, then it is one, and a pipe itself is not', async () => {
    const pipe = 0o010600;
    const { items } = await take(
      zipOf([
        { name: '-', data: real, mode: pipe },
        { name: 'pipe.wav', data: '', mode: pipe },
      ]),
      'piped.zip',
    );
    expect(items.map(({ status, reason }) => [status, reason])).toEqual([
      ['succeeded', null],
      ['skipped', 'special_file'],
    ]);
  });

  const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(70_000, 0x90)]);
  const plain = (number: number) =>
    zipOf([
      { name: 'a.wav', data: rubbish(number) },
      { name: 'b.txt', data: 'b' },
    ]);
  test.each([
    ['a program stands before it', (zip: Buffer) => Buffer.concat([program, zip])],
    ['a program stands before it and places count from there', (zip: Buffer) => shifted(zip, program)],
    [
      'a program stands before it and its end has 64 bits',
      (zip: Buffer) => Buffer.concat([program, long(zip)]),
    ],
    ['stray bytes stand behind it', (zip: Buffer) => Buffer.concat([zip, Buffer.from('\r\n\0')])],
    ['both do', (zip: Buffer) => Buffer.concat([program, zip, Buffer.alloc(3_000)])],
  ])('When a zip comes and %s, then its entries are read', async (_name, wrap) => {
    const { batch, items } = await take(wrap(plain(program.length)), 'setup.exe');
    expect(batch).toMatchObject({ status: 'completed', source: { archive: 'zip' }, error: null });
    expect(items.map(told)).toEqual([
      ['a.wav', 'truncated_audio', null],
      ['b.txt', 'not_audio', null],
    ]);
  });

  const sign = 'PK\x05\x06';
  test.each([
    ['what an end begins with', sign],
    ['that within words', `see ${sign} in APPNOTE 4.3.16`],
    ['many of them', sign.repeat(40)],
    ['a whole end without entries', `${sign}${'\0'.repeat(18)}`],
    ['one with a comment to the end', `${sign}${'\0'.repeat(16)}\x04\0last`],
    ['one that states a directory', `${'x'.repeat(99)}${sign}\0\0\0\0\x02\0\x02\0\x50${'\0'.repeat(9)}`],
  ])('When the comment of a zip holds %s, then its entries are read', async (_name, comment) => {
    const zip = Buffer.concat([plain(7), Buffer.from(comment, 'latin1')]);
    zip.writeUInt16LE(comment.length, zip.indexOf(sign) + 20);
    const { batch, items } = await take(zip, 'commented.zip');
    expect(batch).toMatchObject({ status: 'completed', error: null });
    expect(items.map(({ path }) => path)).toEqual(['a.wav', 'b.txt']);
  });

  test('When entries behind a program share their bytes, then they are left out as anywhere', async () => {
    const zip = zipOf([
      { name: 'reaching.wav', data: rubbish(5), stated: { packed: 200 } },
      { name: 'good.wav', data: rubbish(6) },
    ]);
    const { items } = await take(Buffer.concat([program, zip, Buffer.from('\0')]), 'setup.exe');
    expect(items.map(({ reason }) => reason)).toEqual(['overlapping', null]);
  });

  test('When a program holds no zip, then it is refused', async () => {
    await expect(batches.create(program, 'setup.exe')).rejects.toThrow('not_an_archive');
  });

  test('When an entry of a packed tar states a bomb, then the archive ends there unread, and what was before stays', async () => {
    const before = await tarOf([
      { name: 'a.wav', data: rubbish(8) },
      { name: 'bomb.wav', data: '' },
    ]);
    const header = before.subarray(0, 3 * TAR_BLOCK);
    const bombAt = 2 * TAR_BLOCK;
    header.write('20000000000\0', bombAt + 124, 'latin1');
    header.fill(' ', bombAt + 148, bombAt + 156);
    const sum = header.subarray(bombAt).reduce((total, byte) => total + byte, 0);
    header.write(sum.toString(8).padStart(7, '0'), bombAt + 148, 'latin1');
    const { batch, items } = await take(gzip(Buffer.concat([header, Buffer.alloc(8e6)])), 'bomb.tar.gz');
    // Unpacked, it would be found to break off long before it is too much.
    expect(batch).toMatchObject({ status: 'failed', error: { code: 'archive_over_limit' } });
    expect(items.map(({ path, reason, error, bytes }) => [path, reason ?? error?.code, bytes])).toEqual([
      ['a.wav', 'truncated_audio', rubbish(8).length],
      ['bomb.wav', 'over_limit', 2 ** 31],
    ]);
  });

  test.each(['gnu', 'pax-0.0', 'pax-0.1', 'pax-1.0', 'bsdtar'])(
    'When a tar has a file with holes and long names (%s), then the one is left out by its name, the others are read',
    async (name) => {
      const { batch, items } = await take(gunzipSync(made(`${name}.tar.gz`)), `${name}.tar`);
      expect(batch).toMatchObject({ status: 'completed', error: null });
      expect(items.map(told)).toEqual([
        [`holes-${'h'.repeat(110)}.wav`, 'sparse_file', 'is stored without its holes'],
        [`${'l'.repeat(60)}/${'ü'.repeat(60)}.wav`, 'truncated_audio', null],
        ['behind.wav', 'truncated_audio', null],
      ]);
    },
  );
});

/** As a zip that was made behind the program in the same file: its places count from the beginning of the file. */
function shifted(zip: Buffer, before: Buffer): Buffer {
  const moved = Buffer.from(zip);
  const move = (at: number) => moved.writeUInt32LE(moved.readUInt32LE(at) + before.length, at);
  for (let at = zip.indexOf('PK\x01\x02'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 1)) move(at + 42);
  move(zip.indexOf('PK\x05\x06') + 16);
  return Buffer.concat([before, moved]);
}

/** The same with the end that archives of more than 65,535 entries have (APPNOTE 4.3.14 to 4.3.16). */
function long(zip: Buffer): Buffer {
  const at = zip.indexOf('PK\x05\x06');
  const end64 = Buffer.alloc(56);
  end64.write('PK\x06\x06', 'latin1');
  end64.writeBigUInt64LE(44n, 4);
  for (const place of [24, 32]) end64.writeBigUInt64LE(BigInt(zip.readUInt16LE(at + 8)), place);
  for (const [place, from] of [
    [40, 12],
    [48, 16],
  ]) {
    end64.writeBigUInt64LE(BigInt(zip.readUInt32LE(at + from)), place);
  }
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeBigUInt64LE(BigInt(at), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.from(zip.subarray(at)).fill(0xff, 8, 20);
  return Buffer.concat([zip.subarray(0, at), end64, locator, end]);
}
