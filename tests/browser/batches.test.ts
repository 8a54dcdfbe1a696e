import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fixture, startClassicSystem, temporaryFolder, writeEndedBatch } from '../system';
import { keepScreenshot, PHONE, setStage } from './browser';

jest.setTimeout(240_000);

const ENTRIES = 50;
const MATERIAL = ['real-en-3s.wav', 'real-es.ogg', 'fake-en.ogg', 'fake-ja.mp3'];

/** A tar of fifty recordings under names of their own, and a letter that is none. */
async function archive(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'calls'));
  for (let index = 0; index < ENTRIES - 1; index += 1) {
    const name = MATERIAL[index % MATERIAL.length];
    // Bytes behind the sound's end make each a recording of its own: copies would be left out as such.
    const content = Buffer.concat([await readFile(fixture(name)), Buffer.alloc(index)]);
    await writeFile(join(folder, 'calls', `${String(index).padStart(2, '0')}-${name}`), content);
  }
  await copyFile(fixture('LICENCES.md'), join(folder, 'calls', 'letter.wav'));
  const file = join(folder, 'calls.tar');
  await promisify(execFile)('tar', ['-cf', file, '-C', folder, 'calls']);
  return file;
}

/** What is looked at of an element of the page. */
type Row = { clientHeight: number; scrollHeight: number; style: { transform: string } };

async function expectGerman(report: Response): Promise<void> {
  const page = await report.text();
  expect(report.headers.get('content-language')).toBe('de');
  expect(page).toContain('<html lang="de">');
  expect(page).toMatch(/Diese Datei ist kein lesbares Audio|kein Audio/);
  expect(page).not.toMatch(/entries|skipped<|AUTHENTIC<|Verdict|the same as/);
}

describe('The page of a batch', () => {
  const stage = setStage(() => startClassicSystem({ store: 'folder' }));

  test('When an archive of fifty is handed in, then it fills live, is searched, filtered and saved', async () => {
    const view = await stage.open();
    const { page } = view;
    await page.goto('/');
    await page.setInputFiles('input[type=file]', await archive());
    await page.waitForURL(/\/batches\/[0-9a-f-]+$/);
    await page.evaluate(`
      globalThis.steps = new Set();
      new MutationObserver(() => steps.add(document.querySelector('.batch-progress progress')?.value))
        .observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });`);
    await page.locator('.batch[data-status=completed]').waitFor({ timeout: 120_000 });
    // By the events of the service: without them the page looks again every ten seconds only.
    expect(Number(await page.evaluate('steps.size'))).toBeGreaterThan(8);
    const rows = page.locator('.item-space .item-row');
    await page.locator('.items[aria-rowcount="52"], .items[aria-rowcount="51"]').waitFor();
    expect(await rows.count()).toBeLessThan(ENTRIES);
    await page.getByLabel('Search names').fill('07-fake-ja');
    await page.locator('.items[aria-rowcount="2"]').waitFor();
    expect(await rows.first().textContent()).toContain('07-fake-ja.mp3');
    await page.getByLabel('Search names').fill('');
    await page.getByLabel('Sort').selectOption('highest');
    await keepScreenshot(page, 'batch-desktop-light');

    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('CSV').click()]);
    expect(await readFile(await download.path(), 'utf8')).toContain('07-fake-ja.mp3');
    const report = `/v1${new URL(page.url()).pathname}/report?format=html`;
    expect(await page.getByText('HTML', { exact: true }).getAttribute('href')).toBe(`${report}&lang=en`);
    await expectGerman(await fetch(`${stage.system.url}${report}&lang=de`));
    const headers = { 'Accept-Language': 'fr, de-AT;q=0.8, en;q=0.5' };
    await expectGerman(await fetch(`${stage.system.url}${report}`, { headers }));
    await page.getByLabel('Search names').fill('fake-ja');
    await rows.first().getByRole('link').click();
    await page.waitForSelector('.verdict');
    await page.goBack();
    await rows.first().waitFor();
    expect(await page.getByLabel('Search names').inputValue()).toBe('fake-ja');
    expect(await page.getByLabel('Sort').inputValue()).toBe('highest');
    await page.setViewportSize(PHONE);
    await rows.first().getByText('calls', { exact: true }).waitFor();
    const boxes = rows.evaluateAll((all: Row[]) =>
      all.map(({ clientHeight, scrollHeight, style }) => [style.transform, scrollHeight - clientHeight]),
    );
    expect((await boxes).slice(0, 2)).toEqual([
      ['translateY(0px)', 0],
      ['translateY(84px)', 0],
    ]);
    await keepScreenshot(page, 'batch-phone-light');
    await page.goto(`${report}&lang=de`);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    await keepScreenshot(page, 'batch-report-phone-light');
    const path = await page.getByRole('cell', { name: /07-fake-ja/ }).boundingBox();
    expect(path?.width).toBeGreaterThan(200);
    expect(view.complaints).toEqual([]);
    await view.context.close();
  });

  test('When a batch has 50,000 entries, then each is found, sorted and reached by the keyboard, and few rows are drawn', async () => {
    const view = await stage.open();
    const { page } = view;
    await page.goto(`/batches/${await writeEndedBatch(stage.system.store, 50_000)}`);
    await page.locator('.items[aria-rowcount="50001"]').waitFor({ timeout: 180_000 });
    const rows = page.locator('.item-space .item-row');
    expect(await rows.count()).toBeLessThan(60);
    await page.getByLabel('Search names').fill('49999');
    await page.locator('.items[aria-rowcount="2"]').waitFor();
    expect(await rows.first().textContent()).toContain('49999.wav');
    await page.getByLabel('Search names').fill('');
    await page.getByLabel('Sort').selectOption('lowest');
    await page.locator('.item-scroll').press('End');
    const last = page.locator('.item-row[aria-rowindex="50001"]');
    await last.waitFor();
    expect(await last.textContent()).toMatch(/Cloned.*> 99/);
    expect(await rows.count()).toBeLessThan(60);
    await keepScreenshot(page, 'batch-large-desktop-light');
    await view.context.close();
  });

  test('When an archive cannot be read, then its page says so in the reader’s language, and shows no empty tables', async () => {
    const view = await stage.open({ locale: 'de-DE' });
    const broken = {
      name: 'calls.zip',
      mimeType: 'application/zip',
      buffer: Buffer.from('PK\u0003\u0004 broken'),
    };
    await view.page.goto('/');
    await view.page.setInputFiles('input[type=file]', broken);
    await view.page.locator('.batch[data-status=failed]').waitFor();
    expect(await view.page.getByRole('alert').textContent()).toContain('Das Archiv ist beschädigt');
    expect(await view.page.locator('.items, .histogram').count()).toBe(0);
    await view.context.close();
  });
});
