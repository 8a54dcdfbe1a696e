import { readFile } from 'node:fs/promises';
import { analysisSchema } from '@bonafide/contracts';
import { fixture, startClassicSystem, until, zipOf } from '../system';
import { keepScreenshot, PHONE, setStage, viewEachTest } from './browser';

jest.setTimeout(90_000);

describe('The pages, in a browser', () => {
  const start = () => startClassicSystem({ store: 'folder' });
  const stage = setStage(start, { microphone: fixture('real-en.wav') });
  const view = viewEachTest(stage);

  /** Hands one file over as a person does, and waits for the verdict. */
  const analyse = async (name: string) => {
    await view.page.goto('/');
    await view.page.setInputFiles('input[type=file]', fixture(name));
    await view.page.waitForSelector('.verdict');
  };

  test('When a recording is chosen, then the verdict is seen, heard from where the timeline is clicked, and saved', async () => {
    const { page } = view;
    await analyse('fake-en.flac');
    expect(await page.locator('.verdict').getAttribute('data-reading')).toMatch(
      /CLONED|AUTHENTIC|inconclusive|partly/,
    );
    await page.waitForSelector('.player[data-state=ready]');
    await page.locator('.timeline-chart').click({ position: { x: 600, y: 40 } });
    const width = (await page.locator('.timeline-chart').boundingBox())?.width ?? 0;
    const expectedSec = (600 / width) * 10.623;
    const at = async () => Number(await page.locator('.timeline-chart').getAttribute('aria-valuenow'));
    await until('it is there', async () => Math.abs((await at()) - expectedSec) <= 1);
    await page.locator('.timeline-chart').press('Home');
    await until('it is back at the start', async () => (await at()) === 0);
    await keepScreenshot(page, 'result-desktop-light');

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the result as JSON' }).click(),
    ]);
    const saved: unknown = JSON.parse(await readFile(await download.path(), 'utf8'));
    expect(analysisSchema.parse(saved)).toMatchObject({ filename: 'fake-en.flac', status: 'succeeded' });
  });

  test('When the window becomes a phone with a result in it, then the result does too', async () => {
    const { page } = view;
    await analyse('real-en-3s.wav');
    await page.getByText(/Short: [23][.\d]* secs of speech, less than the 4 secs/).waitFor();
    expect(await page.getByText('Good enough').or(page.locator('.verdict-channel')).count()).toBe(0);
    await page.waitForSelector('.player[data-state=ready]');
    await page.setViewportSize(PHONE);
    await until('it fits', async () =>
      Boolean(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')),
    );
  });

  test('When archives are handed in together, then the list tells what became of each', async () => {
    const { page } = view;
    const whole = zipOf([{ name: 'a.wav', data: await readFile(fixture('real-en-3s.wav')) }]);
    const zip = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/zip', buffer });
    await page.goto('/');
    await page.setInputFiles('input[type=file]', [
      zip('voices', whole),
      zip('cut.zip', whole.subarray(0, whole.length / 2)),
      zip('tiny.zip', whole.subarray(0, 19)),
    ]);
    const row = (name: string) => page.locator('.upload', { hasText: name });
    await row('tiny.zip').getByText('19 bytes').waitFor();
    await row('voices').and(page.locator('[data-status=completed]')).waitFor({ timeout: 60_000 });
    await row('cut.zip')
      .getByText(/archive is damaged/i)
      .waitFor();
    await page.reload();
    await row('cut.zip')
      .getByText(/archive is damaged/i)
      .waitFor();
    expect(await page.locator('.upload').count()).toBe(3);
  });

  test('When the browser still keeps a file that was taken in, then it is listed once', async () => {
    const { page } = view;
    await analyse('real-en-3s.wav');
    // As a reload leaves it that comes between the answer and the forgetting.
    await page.evaluate(`new Promise((resolve) => {
      const [{ key }] = JSON.parse(sessionStorage.getItem('bonafide-listed'));
      const opening = indexedDB.open('bonafide');
      opening.onsuccess = () => {
        const writing = opening.result.transaction('outgoing', 'readwrite');
        writing.objectStore('outgoing').put(new File(['x'], 'real-en-3s.wav'), key);
        writing.oncomplete = () => { opening.result.close(); resolve(); };
      };
    })`);
    await page.goto('/');
    await page.locator('.upload[data-status=succeeded]').waitFor();
    expect(await page.locator('.upload').count()).toBe(1);
  });

  test('When a second tab is opened while a file goes up, then it leaves it alone, and takes it up once the first is gone', async () => {
    const { page, context } = view;
    // Never answered: it is on its way until its tab goes.
    await page.route('**/v1/analyses', () => undefined);
    await page.goto('/');
    await page.setInputFiles('input[type=file]', fixture('real-en-3s.wav'));
    await page.waitForSelector('.upload[data-stage=uploading]');
    const second = await context.newPage();
    const verdicts = (count: number) =>
      until(
        `${count} verdicts`,
        async () => (await second.locator('.upload .verdict-tag').count()) === count,
      );
    await second.goto('/');
    await second.setInputFiles('input[type=file]', ['real-it.flac', 'fake-ja.mp3'].map(fixture));
    await verdicts(2);
    expect(await second.locator('.upload').count()).toBe(2);
    await page.close();
    await second.reload();
    await verdicts(3);
  });

  test('When an address is mistyped, then a page says so and shows the way, and programs get JSON', async () => {
    const { page } = view;
    const answer = await page.goto('/histroy');
    expect(answer?.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    expect((await fetch(`${stage.system.url}/histroy`)).headers.get('content-type')).toContain('json');
  });

  test('When a page is asked for without a network, then it comes once there is one', async () => {
    const { page, context } = view;
    await page.goto('/');
    await page.waitForSelector('.samples');
    await context.setOffline(true);
    await page.getByRole('link', { name: 'History' }).first().click();
    await page.locator('.offline').waitFor();
    await context.setOffline(false);
    await page.getByRole('heading', { name: 'History' }).waitFor();
    expect(await page.title()).toBe('History – bonafide');
  });

  test('When a file is no audio, then it is said in words with its code', async () => {
    const { page } = view;
    await page.goto('/');
    await page.setInputFiles('input[type=file]', {
      name: 'letter.wav',
      mimeType: 'audio/wav',
      buffer: Buffer.from('Dear reader, this is no sound at all.'.repeat(40)),
    });
    await page.locator('.pending[data-status=failed]').getByText('not audio that can be read').waitFor();
    await keepScreenshot(page, 'error-desktop-light');
  });

  test('When the page is reloaded while recordings are on their way, then all of them arrive', async () => {
    const { page } = view;
    const count = (selector: string) => page.locator(selector).count();
    await page.goto('/');
    // Held back until the reload, so that it meets uploads that are under way.
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/v1/analyses', async (route) => {
      await held;
      await route.abort().catch(() => undefined);
    });
    await page.setInputFiles('input[type=file]', ['real-it.flac', 'real-es.ogg', 'fake-ja.mp3'].map(fixture));
    await until('two are under way', async () => (await count('.upload[data-stage=uploading]')) === 2);
    await page.unroute('**/v1/analyses');
    await page.reload();
    release();
    await until('all have verdicts', async () => (await count('.upload .verdict-tag')) === 3, 60);
    await page.reload();
    await until('the list is there again', async () => (await count('.upload .verdict-tag')) === 3);
    await keepScreenshot(page, 'list-desktop-light');
  });

  test('When the network is lost before the upload, then it goes on by itself once it is back', async () => {
    const { page, context } = view;
    await page.goto('/');
    await context.setOffline(true);
    await page.setInputFiles('input[type=file]', fixture('real-en-3s.wav'));
    await page.waitForSelector('.upload[data-stage=retrying]');
    await context.setOffline(false);
    await page.waitForSelector('.verdict');
  });

  test('When it is recorded from the microphone, then what was said is analysed', async () => {
    const { page, context } = view;
    await context.grantPermissions(['microphone']);
    await page.goto('/');
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    const level = () =>
      page.locator('.recorder-level meter').evaluate((meter: { value: number }) => meter.value);
    await until('the level meter hears speech', async () => (await level()) > -40);
    await page.getByText('Recording 0:04').waitFor();
    await keepScreenshot(page, 'recording-desktop-light');
    await page.getByRole('button', { name: 'Stop and analyse' }).click();
    await page.waitForSelector('.verdict');
    expect(await page.locator('h1').textContent()).toMatch(/^recording-.*\.webm$/);
    await page.waitForSelector('.player[data-state=ready]');
  });

  test('When somebody knows better, then it is said, kept by consent, and taken back', async () => {
    await analyse('real-en-3s.wav');
    const { page } = view;
    await page.getByLabel('cloned', { exact: true }).check();
    await page.getByLabel('How do you know?').fill('I made it myself.');
    await page.getByLabel('The recording may be kept').check();
    await page.getByRole('button', { name: 'Send' }).click();
    const said = page.getByRole('list', { name: 'Said so far' });
    await said.getByText('kept for training until').waitFor();
    await said.getByRole('button', { name: 'Take back' }).click();
    await said.getByText('taken back').waitFor();
    expect(await said.getByText('I made it myself.').count()).toBe(1);
    expect(await said.getByText('kept for training').count()).toBe(0);
  });
});
