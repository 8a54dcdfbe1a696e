/** `node setup/program.mjs tests/browser/tour.ts`: the screenshots of docs/tour.md, from the running product. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { fixture, recording, ROOT, startSystem, type System } from '../system';
import { DESKTOP, launchBrowser, openView, PHONE } from './browser';

const FOLDER = join(ROOT, 'docs/tour');
const MATERIAL = ['fake-en.flac', 'real-it.flac', 'fake-ja.mp3', 'real-es.ogg', 'fake-en.ogg', 'real-ru.mp3'];

async function shoot(page: Page, name: string): Promise<void> {
  await writeFile(join(FOLDER, `${name}.png`), await page.screenshot({ animations: 'disabled' }));
}

/** Scrolls so that an element is at the top. */
const show = (page: Page, selector: string) =>
  page.evaluate(`document.querySelector('${selector}').scrollIntoView()`);

/** The result of one recording, once everything on its page is drawn. */
async function openResult(page: Page, system: System, name: string): Promise<void> {
  const { id } = await system.client.submit(await recording(name));
  await system.client.wait(id, { timeoutSec: 120 });
  await page.goto(`/analyses/${id}`);
  await page.waitForSelector('.player[data-state=ready]');
  await page.waitForSelector('.spectrogram canvas');
}

async function tour(system: System): Promise<void> {
  const browser = await launchBrowser();
  const { page } = await openView(browser, { url: system.url, viewport: DESKTOP, colorScheme: 'light' });
  await page.goto('/');
  await page.waitForSelector('.samples');
  await shoot(page, '1-hand-in');
  await openResult(page, system, 'partly-fake-en.flac');
  await page.locator('.timeline-chart').click({ position: { x: 760, y: 40 } });
  await page.evaluate('scrollTo(0, 0)');
  await shoot(page, '2-verdict');
  await show(page, '#reasons-title');
  await shoot(page, '3-evidence');
  await page.goto('/');
  await page.setInputFiles('input[type=file]', MATERIAL.map(fixture));
  await page
    .locator('.upload .verdict-tag')
    .nth(MATERIAL.length - 1)
    .waitFor({ timeout: 120_000 });
  await show(page, '.uploads');
  await shoot(page, '4-several');
  await page.goto('/model');
  await page.waitForSelector('.calibration canvas');
  await show(page, '#calibration-title');
  await shoot(page, '5-model');
  const phone = await openView(browser, {
    url: system.url,
    viewport: PHONE,
    colorScheme: 'dark',
    locale: 'de-DE',
  });
  await openResult(phone.page, system, 'fake-en.flac');
  await shoot(phone.page, '6-phone');
  await browser.close();
}

async function main(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const system = await startSystem({ store: 'folder' });
  await tour(system).finally(() => system.stop());
}

void main();
