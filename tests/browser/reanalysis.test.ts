import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { batchCaller, copyBundle, fixture, startSystem, temporaryFolder, turnRound } from '../system';
import { graveFindings } from './axe';
import { keepScreenshot, PHONE, setStage } from './browser';

jest.setTimeout(240_000);

/** The second says the opposite of the first, the third the same. */
const [FIRST, OPPOSITE, SAME] = ['1.0.0', '2.0.0', '3.0.0'];
const sound = new Uint8Array(readFileSync(fixture('real-en-3s.wav')));

async function startWithBundles() {
  const models = await temporaryFolder();
  await copyBundle(models, { version: FIRST });
  await copyBundle(models, { version: OPPOSITE, edit: turnRound });
  await copyBundle(models, { version: SAME });
  await writeFile(join(models, 'active.json'), JSON.stringify({ bundle: `bundle-${FIRST}` }));
  return startSystem({ store: 'folder', env: { MODELS_DIR: models } });
}

describe('What scoring again has changed', () => {
  const stage = setStage(startWithBundles);
  let first: string;
  /** In per cent, as the first model has it. */
  let score: number;

  beforeAll(async () => {
    const { client } = stage.system;
    const content = new Blob([sound]);
    const { id } = await client.submit({ content, filename: 'call.wav' }, { label: 'again' });
    const { result } = await client.wait(id, { timeoutSec: 120 });
    first = id;
    score = Math.round(100 * (result?.p_fake ?? 0));
  });

  /** Has the recording scored again. @returns where the batch and its one entry are */
  async function again(model_version: string) {
    const batches = batchCaller(stage.system.url);
    const response = await batches.createNamed({ reanalyse: { filter: { label: 'again' }, model_version } });
    const { id } = (await response.json()) as { id: string };
    await batches.ended(id);
    const [{ analysis_id }] = await batches.items(id);
    return { batch: `/batches/${id}`, analysis: `/analyses/${analysis_id}` };
  }

  test('When another model says the opposite, then result and batch tell what was before and what is now', async () => {
    const { batch, analysis } = await again(OPPOSITE);
    const view = await stage.open();
    const { page } = view;
    await page.goto(analysis);
    const rows = page.getByRole('region', { name: 'What scoring again has changed' }).locator('tbody tr');
    await rows.first().waitFor();
    expect(await rows.allTextContents()).toEqual([
      expect.stringMatching(new RegExp(`^Before.* ${score}%1\\.0\\.0$`)),
      expect.stringMatching(new RegExp(`^Now.* ${100 - score}%2\\.0\\.0$`)),
    ]);
    await keepScreenshot(page, 'reanalysis-desktop-light');
    await page.getByRole('link', { name: 'See the first result' }).click();
    await page.waitForURL(`**/analyses/${first}`);
    await page.locator('.verdict').waitFor();
    const later = page.getByRole('region', { name: 'Scored again since' });
    await later.waitFor();
    expect(await later.locator('tbody tr').allTextContents()).toEqual([
      expect.stringMatching(new RegExp(` ${100 - score}%$`)),
    ]);
    await keepScreenshot(page, 'reanalysis-first-desktop-light');
    await later.getByRole('link').click();
    await page.waitForURL(`**${analysis}`);
    await rows.first().waitFor();
    expect(await later.count()).toBe(0);

    await page.goto(batch);
    const changes = page.getByRole('region', { name: 'What scoring again has changed' });
    expect(await changes.textContent()).toContain('Verdict is another one1');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Scored again by model 2.0.0');
    await page.getByLabel('Show').selectOption('changed');
    expect(await page.locator('.item-before').textContent()).toMatch(/^before: .*%.*\(model 1\.0\.0\)$/);
    await keepScreenshot(page, 'reanalysis-batch-desktop-light');
    expect(view.complaints).toEqual([]);
    await view.context.close();
  });

  test('When a second scoring is shared, then its visitors see what was before, and no way to where they may not go', async () => {
    const { analysis } = await again(OPPOSITE);
    const { path } = await stage.system.client.shares.create(analysis.split('/').at(-1) ?? '');
    const { page, context } = await stage.open();
    await page.goto(path);
    const change = page.getByRole('region', { name: 'What scoring again has changed' });
    await change.getByText(`clone score ${score}%`).waitFor();
    expect(await change.getByRole('link').count()).toBe(0);
    await context.close();
  });

  test('When it is looked at on a German phone, then it is said in German, fits, and axe finds nothing grave', async () => {
    const { batch, analysis } = await again(OPPOSITE);
    const view = await stage.open({ locale: 'de-DE', viewport: PHONE, colorScheme: 'dark' });
    for (const [name, path] of Object.entries({ batch, analysis })) {
      await view.page.goto(path);
      await view.page.getByRole('region', { name: 'Was die neue Bewertung geändert hat' }).waitFor();
      await keepScreenshot(view.page, `reanalysis-${name}-phone-dark`);
      const overflow = await view.page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect([name, overflow, await graveFindings(view.page)]).toEqual([name, 0, []]);
    }
    const report = await fetch(`${stage.system.url}/v1${batch}/report?format=html&lang=de`);
    expect(await report.text()).toMatch(
      /<h1>Neu bewertet von Modell 2\.0\.0[^]*vorher: .*\(Modell 1\.0\.0\)/,
    );
    await view.context.close();
  });

  test('When the other model says the same, then nothing is said of a change', async () => {
    const { batch, analysis } = await again(SAME);
    const view = await stage.open();
    await view.page.goto(analysis);
    await view.page.locator('.verdict').waitFor();
    expect(await view.page.locator('.change').count()).toBe(0);
    await view.page.goto(batch);
    await view.page.locator('.item-space .item-row').waitFor();
    expect(await view.page.locator('.changes, .item-before').count()).toBe(0);
    await view.context.close();
  });
});
