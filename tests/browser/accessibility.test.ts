import type { Report } from '@bonafide/contracts';
import { createKey, createRecords } from '@bonafide/platform';
import { v7 as uuidv7 } from 'uuid';
import { fixture, recording, startSystem } from '../system';
import { graveFindings } from './axe';
import { DESKTOP, keepScreenshot, PHONE, setStage } from './browser';

jest.setTimeout(120_000);

describe('The pages, for everybody', () => {
  const stage = setStage(() => startSystem({ store: 'folder', env: { MONITORING_EVERY_S: '1' } }));
  let resultPath: string;

  beforeAll(async () => {
    const { id } = await stage.system.client.submit(await recording('partly-fake-en.flac'));
    await stage.system.client.wait(id, { timeoutSec: 60 });
    resultPath = `/analyses/${id}`;
  });

  /** Each page, and what is there once it has drawn itself. */
  const pages = (): [name: string, path: string, ready: string][] => [
    ['home', '/', '.samples'],
    ['result', resultPath, '.player[data-state=ready]'],
    ['model', '/model', '.calibration canvas'],
    ['history', '/history', '.page-head'],
    ['batches', '/batches', '.page-head'],
    ['webhooks', '/webhooks', '.page-head'],
    ['keys', '/keys', '.page-head'],
    ['monitoring', '/monitoring', '[data-group=all]'],
    ['status', '/status', '.facts'],
  ];

  test.each([
    ['desktop', 'light', DESKTOP],
    ['desktop', 'dark', DESKTOP],
    ['phone', 'light', PHONE],
    ['phone', 'dark', PHONE],
  ] as const)(
    'When seen on a %s, %s, then no page has a grave fault for axe',
    async (device, scheme, viewport) => {
      const view = await stage.open({ viewport, colorScheme: scheme });
      const faults: string[] = [];
      for (const [name, path, ready] of pages()) {
        await view.page.goto(path);
        await view.page.waitForSelector(ready);
        // Taken before axe comes, which tries styles of its own.
        faults.push(...view.complaints.map((complaint) => `${name}: ${complaint}`));
        faults.push(...(await graveFindings(view.page)).map((fault) => `${name}: ${fault}`));
        view.complaints.length = 0;
        const overflow = Number(
          await view.page.evaluate('document.documentElement.scrollWidth - innerWidth'),
        );
        if (overflow > 0) faults.push(`${name}: ${overflow} px wider than the ${device}`);
        await keepScreenshot(view.page, `${name}-${device}-${scheme}`);
      }
      expect(faults).toEqual([]);
      await view.context.close();
    },
  );

  test('When the first view is opened, then it is small, and nothing moves under the eyes', async () => {
    const view = await stage.open();
    await view.page.addInitScript(`
      globalThis.shifted = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) globalThis.shifted += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });`);
    await view.page.goto('/', { waitUntil: 'networkidle' });
    await view.page.waitForSelector('.samples');
    const transferred = await view.page.evaluate(
      `performance.getEntriesByType('resource').reduce((sum, { transferSize }) => sum + transferSize, 0)`,
    );
    expect(Number(transferred)).toBeGreaterThan(10_000);
    expect(Number(transferred)).toBeLessThan(200_000);
    await view.page.goto(resultPath, { waitUntil: 'networkidle' });
    await view.page.waitForSelector('.player[data-state=ready]');
    expect(Number(await view.page.evaluate('shifted'))).toBeLessThan(0.1);
    await view.context.close();
  });

  test('When another day is chosen, then monitoring shows the report of that day, or says that there is none', async () => {
    const view = await stage.open();
    await view.page.goto('/monitoring');
    await view.page.waitForSelector('[data-group=all]');
    const day = view.page.getByLabel('Day');
    const today = await day.inputValue();
    await day.fill('2020-01-01');
    await view.page.getByText('There is no report of this day.').waitFor();
    expect(await view.page.locator('[data-group=all]').count()).toBe(0);
    await day.fill(today);
    await view.page.waitForSelector('[data-group=all]');
    await view.context.close();
  });

  test('When the browser speaks German, then so do the pages', async () => {
    const view = await stage.open({ locale: 'de-DE' });
    await view.page.goto(resultPath);
    await view.page.getByRole('heading', { name: 'Wie die Modelle stimmten' }).waitFor();
    expect(await view.page.getAttribute('html', 'lang')).toBe('de');
    await keepScreenshot(view.page, 'result-desktop-german');
    await view.page.goto('/history');
    await view.page.locator('.verdict-tag.partly', { hasText: 'Teilweise geklont' }).waitFor();
    await view.page.goto('/');
    await view.page.getByText('Stimme „joe“').waitFor();
    await view.context.close();
  });

  test('When the browser of a phone speaks German, then longer words make no page wider than it', async () => {
    const view = await stage.open({ locale: 'de-DE', viewport: PHONE });
    const tooWide: string[] = [];
    for (const [name, path, ready] of pages()) {
      await view.page.goto(path);
      await view.page.waitForSelector(ready);
      const overflow = Number(await view.page.evaluate('document.documentElement.scrollWidth - innerWidth'));
      if (overflow > 0) tooWide.push(`${name}: ${overflow} px`);
    }
    expect(tooWide).toEqual([]);
    await view.context.close();
  });

  test('When the model page names languages, families and ranges, then in words of the reader', async () => {
    const view = await stage.open({ locale: 'de-DE', viewport: PHONE });
    await view.page.goto('/model');
    const names = (title: string) =>
      view.page.getByRole('region', { name: title }).locator('tbody th').allTextContents();
    await view.page.waitForSelector('.calibration canvas');
    expect(await names('Nach Bedingung')).toContain('Mbosi');
    const raw = [...(await names('Nach Bedingung')), ...(await names('Nach Familie'))];
    expect(raw.filter((name) => /^[a-z]/.test(name) && name !== 'unbekannt')).toEqual([]);
    const inOneLine = await view.page
      .getByRole('rowheader', { name: 'Diffusion', exact: true })
      .boundingBox();
    expect(inOneLine?.height).toBeLessThan(50);
    const tables = view.page.locator('.model > section > .table-scroll');
    const overflows = await tables.evaluateAll((all: { scrollWidth: number; clientWidth: number }[]) =>
      all.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
    );
    await keepScreenshot(view.page, 'model-phone-german');
    expect(overflows).toEqual([0, 0]);
    await view.page.getByRole('button', { name: 'Abtastrate' }).click();
    expect(await names('Nach Bedingung')).toContain('bis 16 kHz');
    await view.context.close();
  });

  /** The stored result once more, changed. @returns its page */
  async function storedAgain(changes: Partial<Report>): Promise<string> {
    const records = createRecords(stage.system.store);
    const ref = { tenant: 'default', analysis_id: resultPath.split('/').at(-1) ?? '' };
    const [submission, outcome] = await Promise.all([records.submission(ref), records.outcome(ref)]);
    if (!submission || outcome?.status !== 'succeeded') throw new Error('no result');
    const id = uuidv7();
    await records.createSubmission({ ...submission, id });
    await records.createOutcome({ ...outcome, id, report: { ...outcome.report, ...changes } });
    return `/analyses/${id}`;
  }

  test('When a score lies just below the end of its range, then it is not rounded out of it', async () => {
    const view = await stage.open();
    await view.page.goto(await storedAgain({ p_fake: 0.2979, partially_cloned: false }));
    await view.page.getByText('scored like this (20% to 30%)').waitFor();
    expect(await view.page.locator('.verdict-percent').textContent()).toBe('29.8%');
    await view.context.close();
  });

  test('When a verdict goes with a score at which others were often wrong, then it says so', async () => {
    const told: Partial<Report> = {
      decision: { status: 'conclusive', reasons: [] },
      ensemble_result: { result: 'real', confidence: 66, verdict: 'AUTHENTIC' },
      partially_cloned: false,
    };
    const view = await stage.open();
    await view.page.goto(await storedAgain({ ...told, p_fake: 0.34 }));
    await view.page.getByText('take this as a hint').waitFor();
    await view.page.goto(await storedAgain({ ...told, p_fake: 0.02 }));
    await view.page.getByText('scored like this (0% to 10%)').waitFor();
    expect(await view.page.getByText('take this as a hint').count()).toBe(0);
    await view.context.close();
  });

  test('When the model cannot be read, then its page says so and does not wait for ever', async () => {
    const view = await stage.open();
    await view.page.route('**/v1/models/current', (route) => route.abort());
    await view.page.goto('/model');
    await view.page.getByRole('alert').waitFor();
    expect(await view.page.locator('.is-loading').count()).toBe(0);
    await view.context.close();
  });

  // Last: from the first key on, this service asks for one.
  test('When a key is asked for, then a browser signs in once and no script can read what stands for it', async () => {
    const { key } = await createKey(createRecords(stage.system.store), {
      name: 'browser',
      tenant: 'default',
      scopes: ['submit', 'read'],
    });
    const view = await stage.open();
    const { page, context } = view;
    await page.goto('/');
    // The service looks for a first key every few seconds.
    while ((await page.locator('input[name=key]').count()) === 0) {
      await page.reload({ waitUntil: 'networkidle' });
    }
    expect(await graveFindings(page)).toEqual([]);
    await page.locator('input[name=key]').fill(`${key.slice(0, -1)}${key.endsWith('x') ? 'y' : 'x'}`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.locator('input[name=key]').fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForSelector('.samples');
    await page.goto('/keys');
    await page.getByText('it may only hand in, read').waitFor();
    await page.goto('/');
    await page.setInputFiles('input[type=file]', fixture('real-en-3s.wav'));
    await page.waitForSelector('.verdict');
    const cookie = (await context.cookies()).find(({ name }) => name === 'bonafide_session');
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    expect(cookie?.value).not.toContain(key);
    expect(
      await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie])'),
    ).not.toContain('bf_');
    const foreign = await fetch(`${stage.system.url}/v1/analyses`, {
      method: 'POST',
      headers: {
        Cookie: `bonafide_session=${cookie?.value}`,
        'Sec-Fetch-Site': 'cross-site',
        Origin: 'https://elsewhere.example',
      },
    });
    expect(foreign.status).toBe(403);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('input[name=key]').waitFor();
    await page.goto('/model');
    await page.locator('input[name=key]').waitFor();
    await context.close();
  });
});
