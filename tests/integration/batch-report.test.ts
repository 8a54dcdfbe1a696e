import { ERROR_WORDS, SKIP_WORDS, type BatchItem } from '@bonafide/contracts';
import { batchCaller, startClassicSystem, zipOf, type System } from '../system';
import { MIXED } from './mixed-archive';

jest.setTimeout(240_000);

describe('The page of a batch, to print or to file', () => {
  let system: System;
  let id: string;
  let items: readonly BatchItem[];
  beforeAll(async () => {
    system = await startClassicSystem({ store: 'folder' });
    const batches = batchCaller(system.url);
    ({ id } = await batches.create(zipOf(MIXED), 'mixed.zip'));
    await batches.ended(id);
    items = await batches.items(id);
  });
  afterAll(() => system?.stop());

  const page = async (of: string, language: string) =>
    (await fetch(`${system.url}/v1/batches/${of}/report?format=html&lang=${language}`)).text();

  test.each(['en', 'de'] as const)(
    'When it is read in %s, then every code of an entry is told in that language',
    async (language) => {
      const notes = [...(await page(id, language)).matchAll(/<td class="quiet">([^<]*)<\/td><\/tr>/g)];
      const words = items.flatMap(({ error, reason }) => {
        if (error) return ERROR_WORDS[language][error.code];
        return reason === null || reason === 'duplicate' ? [] : SKIP_WORDS[language][reason];
      });
      expect(words.length).toBeGreaterThan(8);
      expect(notes).toHaveLength(items.length);
      expect(notes.map(([, note]) => note)).toEqual(expect.arrayContaining(words));
    },
  );

  test.each([
    ['en', '.'],
    ['de', ','],
  ] as const)(
    'When it is read in %s, then its scores have the mark of that language',
    async (language, mark) => {
      const cells = [
        ...(await page(id, language)).matchAll(/<td class="n">(\d[^<]+)<\/td>\n?<td class="quiet">/g),
      ];
      const scores = items.flatMap(({ p_fake }) =>
        p_fake === null ? [] : p_fake.toFixed(3).replace('.', mark),
      );
      expect(scores.length).toBeGreaterThan(0);
      expect(cells.map(([, score]) => score)).toEqual(scores);
    },
  );

  test('When there is no archive, or a broken one, then title and fault are told in the language too', async () => {
    const batches = batchCaller(system.url);
    const broken = await batches.create(Buffer.from('PK\u0003\u0004 broken'), 'calls.zip');
    await batches.ended(broken.id);
    const items = [{ url: 'https://example.invalid/a.wav' }, { url: 'https://example.invalid/b.wav' }];
    const listed = (await (await batches.createNamed({ items })).json()) as { id: string };
    expect(await page(listed.id, 'de')).toContain('<h1>2 Aufnahmen</h1>');
    expect(await page(listed.id, 'en')).toContain('<h1>2 recordings</h1>');
    for (const language of ['en', 'de'] as const)
      expect(await page(broken.id, language)).toContain(ERROR_WORDS[language].archive_damaged);
  });
});
