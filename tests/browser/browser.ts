import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { ROOT, type System } from '../system';

const ARTEFACTS = join(ROOT, 'tests/artefacts/browser');
export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** What a suite stands on, there once its first test begins. */
export type Stage = { system: System; browser: Browser; open(wish?: Omit<Wish, 'url'>): Promise<View> };

/** Brings a service and a browser up before the tests of a suite, and down behind them. */
export function setStage(start: () => Promise<System>, hearing: Hearing = {}): Stage {
  const open: Stage['open'] = (wish) => openView(stage.browser, { url: stage.system.url, ...wish });
  const stage = { open } as Stage;
  beforeAll(async () => {
    [stage.system, stage.browser] = await Promise.all([start(), launchBrowser(hearing)]);
  });
  afterAll(async () => {
    await stage.browser?.close();
    await stage.system?.stop();
  });
  return stage;
}

/** A fresh page for each test, of which nobody may have complained when it is over. */
export function viewEachTest(stage: Stage): View {
  const view = {} as View;
  beforeEach(async () => {
    Object.assign(view, await stage.open());
  });
  afterEach(async () => {
    expect(view.complaints).toEqual([]);
    await view.context.close();
  });
  return view;
}

type Hearing = { microphone?: string };

/** The system's Chromium; `npm test` has put it where it was missing. `microphone`: a WAV that it hears. */
export async function launchBrowser({ microphone }: Hearing = {}): Promise<Browser> {
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

/** For people to look at, in tests/artefacts. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await mkdir(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTEFACTS, `${name}.png`), fullPage: true });
}
