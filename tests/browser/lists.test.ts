import { readFileSync } from 'node:fs';
import { batchCaller, fixture, recording, rubbish, startClassicSystem, zipOf } from '../system';
import { setStage } from './browser';

jest.setTimeout(120_000);

/** More than a page of the history. */
const ENTRIES = 130;

describe('Lists of what was handed in', () => {
  const stage = setStage(() => startClassicSystem({ store: 'folder' }));

  test('When a recording lies behind others, then a search finds it, and what comes in meanwhile is listed by itself', async () => {
    const { system } = stage;
    const batches = batchCaller(system.url);
    await system.client.submit({ ...(await recording('real-es.ogg')), filename: 'Enkeltrick.ogg' });
    const entries = Array.from({ length: ENTRIES }, (_unused, n) => ({ name: `${n}.wav`, data: rubbish(n) }));
    await batches.ended((await batches.create(zipOf(entries), 'many.zip')).id);
    const { page, context, complaints } = await stage.open();
    await page.goto('/history');
    await page.getByText('100 loaded').waitFor();
    await page.getByLabel('Search file names').fill('enkeltrick');
    await page.getByRole('link', { name: 'Enkeltrick.ogg' }).waitFor();
    await page.getByLabel('Search file names').fill('latest');
    await page.getByText('Nothing matches.').waitFor();
    await system.client.submit({ ...(await recording('real-en-3s.wav')), filename: 'latest.wav' });
    await page.getByRole('row', { name: /latest\.wav .*clone score/ }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('When others hand something in while a long list is read, then none of it is left out', async () => {
    const { system } = stage;
    const { page, context } = await stage.open();
    await page.goto('/history');
    await page.getByText('100 loaded').waitFor();
    for (const n of [1, 2, 3]) {
      await system.client.submit({ content: new Blob([rubbish(1_000 + n)]), filename: `meanwhile-${n}.wav` });
    }
    await page.getByRole('row', { name: /meanwhile-3\.wav/ }).waitFor();
    const all: string[] = [];
    for await (const { id } of system.client.each({ limit: 100 })) all.push(id);
    await page.getByRole('button', { name: 'Load more' }).click();
    await page.getByText(`${all.length} loaded`).waitFor();
    await context.close();
  });

  test('When an entry is cloned in part, then the batch counts and finds it as that, and says what was deleted since', async () => {
    const batches = batchCaller(stage.system.url);
    const entries = ['partly-fake-en.flac', 'real-es.ogg'].map((name) => ({
      name,
      data: readFileSync(fixture(name)),
    }));
    const { id } = await batches.create(zipOf(entries), 'two.zip');
    expect((await batches.ended(id)).counters).toMatchObject({ succeeded: 2, partially_cloned: 1 });
    const { page, context, complaints } = await stage.open();
    await page.goto(`/batches/${id}`);
    await page.locator('[data-count=partly]').getByText('1').waitFor();
    await page.getByLabel('Show').selectOption('partly');
    await page.locator('.items[aria-rowcount="2"]').waitFor();
    await page.getByText('partly-fake-en.flac').waitFor();
    const report = await (await fetch(`${stage.system.url}/v1/batches/${id}/report?format=html`)).text();
    expect(report).toContain('<b>1</b>of these partly cloned');
    const [first] = await batches.items(id);
    await stage.system.client.remove(first.analysis_id as string);
    await page.goto(`/batches/${id}`);
    await page.getByText('the result has been deleted').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('When the first key is made, then the form says what that means and lets it administer', async () => {
    const { page, context } = await stage.open();
    await page.goto('/keys');
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByText(/asks everybody for one/).waitFor();
    expect(await page.getByLabel('Administer').isChecked()).toBe(true);
    await context.close();
  });
});
