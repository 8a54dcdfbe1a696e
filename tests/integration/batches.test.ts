import type { Batch, BatchItem, Problem } from '@bonafide/contracts';
import {
  batchCaller,
  gzip,
  rubbish,
  startClassicSystem,
  tarOf,
  unicodePath,
  zip64Size,
  zipOf,
  zstdOf,
  type BatchCaller,
  type System,
} from '../system';
import { EXPECTED, MIXED, real } from './mixed-archive';

/** On a machine that does much else beside. */
jest.setTimeout(240_000);

const told = ({ path, status, reason }: BatchItem) => [path, status, reason];

describe.each(['s3', 'folder'] as const)('batches with the %s store', (kind) => {
  let system: System;
  let batches: BatchCaller;
  let zipped: Batch;
  beforeAll(async () => {
    const env = { BATCH_S3_PREFIXES: 's3://recordings/open/', WEBHOOK_ALLOW_HOSTS: '127.0.0.1' };
    system = await startClassicSystem({ store: kind, env });
    batches = batchCaller(system.url);
  });
  afterAll(() => system?.stop());

  test('When a zip is handed over, then each entry is analysed or says why it was not', async () => {
    const archive = zipOf([...MIXED, { name: 'link.wav', data: 'calls/real.wav', mode: 0o120777 }]);
    const accepted = await batches.create(archive, 'mixed.zip', { label: 'march' });
    expect(accepted).toMatchObject({ filename: 'mixed.zip', label: 'march', finished_at: null, error: null });
    zipped = await batches.ended(accepted.id);
    expect(zipped).toMatchObject({ status: 'completed', progress: 1, error: null, expected_end: null });
    expect(zipped.counters).toMatchObject({ total: 14, succeeded: 2, failed: 1, skipped: 11, queued: 0 });
    const items = await batches.items(zipped.id);
    expect(items.map(told)).toEqual([...EXPECTED, ['link.wav', 'skipped', 'link']]);
    expect(items[1].duplicate_of).toBe(0);
    expect(items[0]).toMatchObject({
      custom_id: 'case 7',
      label: 'calls',
      bytes: real.length,
      cached: false,
    });
    expect(items[3].error?.code).toBe('truncated_audio');
    const analysis = await system.client.get(items[0].analysis_id as string);
    expect(analysis).toMatchObject({ status: 'succeeded', filename: 'real.wav' });
    expect(analysis.result?.p_fake).toBe(items[0].p_fake);
    const single = { content: new Blob([new Uint8Array(real)]), filename: 'same-bytes.wav' };
    const again = await system.client.wait((await system.client.submit(single)).id, { timeoutSec: 120 });
    expect(again.result).toMatchObject({ cached: true, audio_info: { file_path: 'same-bytes.wav' } });
    const other = await system.client.submit(single, { profile: 'recall' });
    expect((await system.client.wait(other.id, { timeoutSec: 120 })).result?.cached).toBe(false);
  });

  test('When its items are asked for by status and in pages, then each comes once', async () => {
    const failed = await batches.items(zipped.id, '&status=failed');
    expect(failed.map(({ path }) => path)).toEqual(['calls/rubbish.wav']);
    const seen: BatchItem[] = [];
    let cursor = '';
    do {
      const response = await fetch(`${system.url}/v1/batches/${zipped.id}/items?limit=4${cursor}`);
      const page = (await response.json()) as { items: BatchItem[]; next_cursor: string | null };
      expect(page.items.length).toBeLessThanOrEqual(4);
      seen.push(...page.items);
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(seen.map(({ index }) => index)).toEqual(Array.from({ length: 14 }, (_unused, index) => index));
    const foreign = await fetch(`${system.url}/v1/batches/${zipped.id}/items?cursor=AAAA`);
    expect(foreign.status).toBe(404);
  });

  test('When a report is asked for, then no cell calculates and no entry runs anything', async () => {
    const report = async (format: string) => {
      const response = await fetch(`${system.url}/v1/batches/${zipped.id}/report?format=${format}`);
      return { type: response.headers.get('content-type'), text: await response.text() };
    };
    const csv = await report('csv');
    expect(csv.type).toContain('text/csv');
    expect(csv.text.split('\r\n')).toHaveLength(16);
    expect(csv.text).toContain(`"'=1+1"`);
    expect(csv.text).not.toMatch(/(^|,)"?[=+@]/m);
    const lines = (await report('jsonl')).text.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as BatchItem).index)).toEqual([...Array(14).keys()]);
    const html = await report('html');
    expect(html.text).toContain('<svg');
    expect(html.text).toContain('calls/real.wav');
    expect(html.text).not.toContain('<script');
  });

  test('When the same entries come as tar, tar.gz and tar.zst, then the same becomes of them, without a second analysis', async () => {
    const tar = await tarOf([
      ...MIXED,
      { name: 'link.wav', type: 'symlink' },
      { name: 'pipe.wav', type: 'fifo' },
      { name: 'folder', type: 'directory' },
    ]);
    for (const [archive, name] of [
      [tar, 'a.tar'],
      [gzip(tar), 'a.tar.gz'],
      [zstdOf(tar), 'a.tar.zst'],
    ] as const) {
      const { id } = await batches.create(archive, name);
      const batch = await batches.ended(id);
      expect(batch).toMatchObject({ status: 'completed', source: { archive: name.slice(2) } });
      expect(batch.counters.cached).toBe(2);
      const items = await batches.items(id);
      expect(items.map(told)).toEqual([
        ...EXPECTED,
        ['link.wav', 'skipped', 'link'],
        ['pipe.wav', 'skipped', 'special_file'],
        ['folder', 'skipped', 'directory'],
      ]);
      expect(items[0]).toMatchObject({ custom_id: 'case 7', cached: true });
    }
  });

  test('When names are in code page 437, in UTF-8 said or not said, or in an extra field, then they are read', async () => {
    const odd = Buffer.from('_.wav');
    const { id } = await batches.create(
      zipOf([
        { name: Buffer.from('\x81ber.wav', 'latin1'), data: rubbish(10) },
        { name: 'über said.wav', data: rubbish(11), flags: 0x800 },
        { name: 'über unsaid.wav', data: rubbish(12) },
        { name: odd, data: rubbish(13), extra: unicodePath(odd, 'ü.wav') },
      ]),
      'names.zip',
    );
    await batches.ended(id);
    const items = await batches.items(id);
    expect(items.map(({ path }) => path)).toEqual(['über.wav', 'über said.wav', 'über unsaid.wav', 'ü.wav']);
    expect(Buffer.from(items[0].path_raw, 'base64').toString('latin1')).toBe('\x81ber.wav');
    expect(Buffer.from(items[3].path_raw, 'base64')).toEqual(odd);
  });

  test('When headers lie or an archive breaks off, then it says so, and what could be read stays', async () => {
    const lying = zipOf([
      { name: 'long.wav', data: real, stated: { size: 100 }, method: 'deflated' },
      { name: 'sum.wav', data: rubbish(20), stated: { crc: 1 } },
      { name: 'reaching.wav', data: rubbish(28), stated: { packed: 100_000 } },
      { name: 'good.wav', data: rubbish(21) },
      { name: 'endless.wav', data: rubbish(27), stated: { size: 0xffffffff }, extra: zip64Size(2n ** 60n) },
    ]);
    const { id } = await batches.create(lying, 'lying.zip');
    expect((await batches.ended(id)).status).toBe('completed');
    const items = await batches.items(id);
    expect(items.map(({ error }) => error?.code)).toEqual([
      'archive_damaged',
      'archive_damaged',
      undefined,
      'truncated_audio',
      undefined,
    ]);
    expect(items[2]).toMatchObject({ status: 'skipped', reason: 'overlapping' });
    expect(items[4]).toMatchObject({ status: 'skipped', reason: 'over_limit', bytes: null });
    expect(items[4].detail).toMatch(/states more than \d+ bytes/);
    const counted = await batches.create(
      zipOf([{ name: 'a.wav', data: rubbish(22) }], { count: 9 }),
      'count.zip',
    );
    const ended = await batches.ended(counted.id);
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'archive_damaged' } });
    expect(ended.counters).toMatchObject({ total: 1, failed: 1 });
    const three = [24, 25, 26].map((number) => ({ name: `${number}.wav`, data: rubbish(number) }));
    for (const count of [0, 2]) {
      const { id: short } = await batches.create(zipOf(three, { count }), 'short.zip');
      const message = `The archive holds more than the ${count} entries it states`;
      expect(await batches.ended(short)).toMatchObject({
        ...{ status: 'failed', error: { code: 'archive_damaged', message } },
        counters: { total: count, failed: count },
      });
    }
    const tar = gzip(
      await tarOf([
        { name: 'a.wav', data: rubbish(23) },
        { name: 'b.wav', data: real },
      ]),
    );
    const cut = await batches.create(tar.subarray(0, tar.length - 20_000), 'cut.tar.gz');
    expect(await batches.ended(cut.id)).toMatchObject({
      status: 'failed',
      error: { code: 'archive_damaged' },
    });
    expect((await batches.items(cut.id))[0]).toMatchObject({
      path: 'a.wav',
      error: { code: 'truncated_audio' },
    });
  });

  test('When something else than an archive comes, then it is refused at once', async () => {
    const refused = async (body: FormData | string, headers?: Record<string, string>) => {
      const response = await fetch(`${system.url}/v1/batches`, { method: 'POST', body, headers });
      return [response.status, ((await response.json()) as Problem).code];
    };
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(real)]), 'renamed.zip');
    expect(await refused(form)).toEqual([415, 'not_an_archive']);
    const json = { 'content-type': 'application/json' };
    expect(await refused('{}', json)).toEqual([400, 'invalid_request']);
    expect(await refused('{"prefix":"s3://recordings/open"}', json)).toEqual([403, 'forbidden']);
    expect(await refused('{"prefix":"s3://other/open/"}', json)).toEqual([403, 'forbidden']);
    for (const path of ['', '/items', '/report']) {
      const nothing = `${system.url}/v1/batches/01a20b00-0000-7000-8000-000000000000${path}`;
      expect((await fetch(nothing)).status).toBe(404);
    }
  });

  test('When what failed is tried again, then it has a further round and the rest stays', async () => {
    const before = await batches.items(zipped.id);
    const response = await fetch(`${system.url}/v1/batches/${zipped.id}/retry-failed`, { method: 'POST' });
    expect(response.status).toBe(202);
    expect(((await response.json()) as Batch).status).toBe('processing');
    const again = await batches.ended(zipped.id);
    expect(again).toMatchObject({ status: 'completed', counters: zipped.counters });
    const after = await batches.items(zipped.id);
    expect(after[3].analysis_id).not.toBe(before[3].analysis_id);
    expect(after.filter(({ index }) => index !== 3)).toEqual(before.filter(({ index }) => index !== 3));
  });

  test('When a batch is canceled, then it ends as canceled and what has ended stays', async () => {
    const entries = Array.from({ length: 300 }, (_unused, number) => ({
      name: `${number}.wav`,
      data: rubbish(1_000 + number),
    }));
    const { id } = await batches.create(zipOf(entries), 'long.zip');
    const cancel = () => fetch(`${system.url}/v1/batches/${id}/cancel`, { method: 'POST' });
    expect((await cancel()).status).toBe(202);
    const batch = await batches.ended(id);
    expect(batch.status).toBe('canceled');
    expect(batch.counters.queued + batch.counters.processing).toBe(0);
    expect(
      (await batches.items(id)).every(({ status }) => status === 'canceled' || status === 'failed'),
    ).toBe(true);
    expect((await cancel()).status).toBe(409);
  });

  test('When batches are listed, then the newest is first', async () => {
    const list = (await (await fetch(`${system.url}/v1/batches?limit=3`)).json()) as {
      items: Batch[];
      next_cursor: string;
    };
    expect(list.items.map(({ filename }) => filename)).toEqual(['long.zip', 'cut.tar.gz', 'short.zip']);
    const more = await fetch(`${system.url}/v1/batches?limit=1&cursor=${list.next_cursor}`);
    expect(((await more.json()) as { items: Batch[] }).items[0].filename).toBe('short.zip');
  });
});
