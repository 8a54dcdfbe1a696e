import { readFileSync } from 'node:fs';
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

jest.setTimeout(120_000);

/** Hard to pack, and together some blocks of zstd. */
const ENTRIES = 40;
const PARTS = 150;

describe('archives that are odd, and still of use', () => {
  let system: System;
  let batches: BatchCaller;
  beforeAll(async () => {
    system = await startClassicSystem({ store: 'folder' });
    batches = batchCaller(system.url);
  });
  afterAll(() => system?.stop());

  async function take(archive: Buffer, name: string, fields: Record<string, string> = {}) {
    const batch = await batches.ended((await batches.create(archive, name, fields)).id);
    return { batch, items: await batches.items(batch.id) };
  }

  test.each([
    ['tar.gz', gzip],
    ['tar.zst', zstdOf],
  ])('When a %s breaks off, then what stands whole before that is taken in', async (ending, pack) => {
    const entries = Array.from({ length: ENTRIES }, (_unused, n) => ({
      name: `${n}.wav`,
      data: Buffer.concat(Array.from({ length: PARTS }, (_none, part) => rubbish(PARTS * n + part))),
    }));
    const packed = pack(await tarOf(entries));
    const { batch, items } = await take(packed.subarray(0, packed.length * 0.6), `cut.${ending}`);
    expect(batch).toMatchObject({ status: 'failed', error: { code: 'archive_damaged' } });
    expect(items.length).toBeGreaterThan(ENTRIES / 3);
    expect(items.slice(0, -1).map(({ path }) => path)).toEqual(
      entries.slice(0, items.length - 1).map(({ name }) => name),
    );
  });

  test('When a path goes through its own folder, or a recording begins with silence of zeros, then both are analysed', async () => {
    const clip = readFileSync(fixture('fake-ja.mp3'));
    const { items } = await take(
      await tarOf([
        { name: 'rec/./a.mp3', data: clip },
        { name: 'late.mp3', data: Buffer.concat([Buffer.alloc(700), clip]) },
        { name: 'rec/.hidden.mp3', data: clip },
        { name: 'nothing.wav', data: Buffer.alloc(2_000) },
      ]),
      'odd.tar',
    );
    const told = ({ status, reason, error }: BatchItem) => [status, reason ?? error?.code ?? null];
    expect(items.map(told)).toEqual([
      ['succeeded', null],
      ['succeeded', null],
      ['skipped', 'hidden'],
      ['failed', 'not_audio'],
    ]);
  });

  test.each([
    [
      'manifest.jsonl',
      '{"path":"a.wav","custom_id":"one"}\n{bad\n{"path":"b.wav","custom_id":"two"}',
      /line 2/,
    ],
    ['manifest.csv', 'path,custom_id\na.wav,one\nb.wav,two\n"c".wav,three\n', /Quote/],
    ['manifest.csv', `path,custom_id\na.wav,one\nb.wav,two\nc.wav,${'x'.repeat(201)}\n`, /more than 200/],
  ])(
    'When a line of %s cannot be read, then the others count and the entry says so',
    async (name, text, said) => {
      const { items } = await take(
        zipOf([
          { name, data: text },
          { name: 'a.wav', data: rubbish(1) },
          { name: 'b.wav', data: rubbish(2) },
        ]),
        'named.zip',
        { label: 'march' },
      );
      expect(items.map(({ custom_id }) => custom_id)).toEqual([null, 'one', 'two']);
      expect(items[0]).toMatchObject({ reason: 'manifest', detail: expect.stringMatching(said) as string });
      expect(items[1].label).toBe('march');
    },
  );
});
