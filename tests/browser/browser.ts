import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { ROOT } from '../system';

const ARTEFACTS = join(ROOT, 'tests/artefacts/browser');
export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** The system's Chromium; `npm test` has put it where it was missing. `microphone`: a WAV that it hears. */
export async function launchBrowser({ microphone }: { microphone?: string } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? foundOnPath(),
    chromiumSandbox: false,
    args: microphone
      ? [
          '--use-fake-ui-for-media-stream',
          '--use-fake-device-for-media-stream',
          `--use-file-for-fake-audio-capture=${microphone}`,
        ]
      : [],
  });
}

function foundOnPath(): string {
  return execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
}

/** A page, and all that a person with the console open would complain of. */
export type View = { page: Page; context: BrowserContext; complaints: string[] };

type Wish = { url: string; viewport?: typeof DESKTOP; colorScheme?: 'light' | 'dark'; locale?: string };

export async function openView(browser: Browser, { url, ...wish }: Wish): Promise<View> {
  if (!existsSync(join(ROOT, 'apps/web/dist/index.html'))) throw new Error('run `npm run build` before');
  const context = await browser.newContext({ baseURL: url, viewport: DESKTOP, locale: 'en-GB', ...wish });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) complaints.push(message.text());
  });
  return { page, context, complaints };
}

/** Kept for people to look at. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await mkdir(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTEFACTS, `${name}.png`), fullPage: true });
}
