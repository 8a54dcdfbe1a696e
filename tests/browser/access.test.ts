import { createClient, type Client } from '@bonafide/client';
import { type ErrorCode, type KeyRecord, problemOf } from '@bonafide/contracts';
import { createKey, createRecords } from '@bonafide/platform';
import type { Page } from 'playwright-core';
import { fixture, recording, startClassicSystem, until } from '../system';
import { keepScreenshot, setStage, viewEachTest } from './browser';

jest.setTimeout(90_000);

describe('What a browser may see, by its key or by a link', () => {
  const stage = setStage(() => startClassicSystem({ store: 'folder' }));
  const view = viewEachTest(stage);
  let client: Client;
  let analysisId: string;

  beforeAll(async () => {
    client = createClient(stage.system.url, { key: await keyOf('clerk', ['submit', 'read']) });
    await until(
      'keys are needed',
      async () => (await fetch(`${stage.system.url}/v1/analyses`)).status === 401,
    );
    ({ id: analysisId } = await client.submit(await recording('call-two-channels.flac')));
    await client.wait(analysisId, { timeoutSec: 60 });
  });

  async function keyOf(name: string, scopes: KeyRecord['scopes']): Promise<string> {
    return (await createKey(createRecords(stage.system.store), { name, tenant: 'default', scopes })).key;
  }

  function refusal(code: ErrorCode): string {
    return JSON.stringify(problemOf(code, 'No key', '00000000-0000-7000-8000-000000000000'));
  }

  async function signIn(page: Page, key: string): Promise<void> {
    await page.goto('/');
    await enter(page, key);
  }

  async function enter(page: Page, key: string): Promise<void> {
    await page.locator('input[name=key]').fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForSelector('.samples');
  }

  test('When a link is made, then somebody without a key sees result and models by it, until it is taken back', async () => {
    const { page } = view;
    await signIn(page, await keyOf('sharer', ['submit', 'read']));
    await page.goto(`/analyses/${analysisId}`);
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('button', { name: 'Make a link' }).click();
    const link = await page.getByLabel('Link', { exact: true }).inputValue();
    const links = page.getByRole('region', { name: 'Links to this result' });
    await links.getByText('valid until').waitFor();
    await keepScreenshot(page, 'share-desktop-light');
    const other = await stage.open();
    await other.page.goto(link);
    await other.page.waitForSelector('.player[data-state=ready]');
    await other.page.getByText(/about \d+ in 100 were cloned in our tests/).waitFor();
    expect(await other.page.getByRole('button', { name: /Delete|Share/ }).count()).toBe(0);
    expect(await other.page.getByRole('navigation').count()).toBe(0);
    await other.page.getByRole('link', { name: 'Model card' }).click();
    await other.page.waitForSelector('.calibration canvas');
    await other.page.getByRole('link', { name: 'Back to the result' }).click();
    await other.page.waitForSelector('.player[data-state=ready]');
    await page.getByRole('button', { name: /^Take back the link/ }).click();
    await links.getByText('taken back').waitFor();
    await page.getByLabel('Link', { exact: true }).waitFor({ state: 'detached' });
    await other.page.reload();
    expect(await other.page.getByRole('alert').textContent()).toContain('taken back');
    expect(other.complaints).toEqual([]);
    await other.context.close();
  });

  test('When a link has expired, then its page says so and asks for nothing', async () => {
    const { page } = view;
    const { id, path } = await client.shares.create(analysisId);
    const { shares } = createRecords(stage.system.store);
    const record = await shares.get({ tenant: 'default', analysis_id: analysisId, share_id: id });
    if (!record) throw new Error('no record');
    await shares.put({ ...record, expires_at: new Date(0).toISOString() });
    await page.goto(path);
    await page.getByRole('heading', { name: 'This link leads nowhere any more' }).waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('expired');
    expect(await page.locator('input').count()).toBe(0);
  });

  test('When a key may only hand in, then it is told that the recording was taken in, and who may read', async () => {
    const { page } = view;
    await signIn(page, await keyOf('sender', ['submit']));
    await page.setInputFiles('input[type=file]', fixture('real-en-3s.wav'));
    const note = page.getByRole('status').filter({ hasText: 'Taken in and safe' });
    await note.waitFor();
    expect(await note.textContent()).toContain('a key of the same tenant that may read');
    expect(new URL(page.url()).pathname).toBe('/');
    await keepScreenshot(page, 'handed-in-desktop-light');
    await page.reload();
    await note.waitFor();
    await page.goto(`/analyses/${analysisId}`);
    await page.getByRole('heading', { name: 'Your key may not see this' }).waitFor();
    for (const path of ['/history', '/batches']) {
      await page.goto(path);
      await page.getByRole('alert').getByText('it may only hand in').waitFor();
      expect(await page.locator('table').count()).toBe(0);
    }
  });

  test('When a key ends before a recording is handed over, then the recording is kept for the next, and for nobody after', async () => {
    const { page } = view;
    await signIn(page, await keyOf('short', ['submit', 'read']));
    await page.route('**/v1/analyses', (route) =>
      route.fulfill({ status: 401, contentType: 'application/problem+json', body: refusal('unauthorized') }),
    );
    await page.setInputFiles('input[type=file]', [fixture('real-en-3s.wav'), fixture('real-es.ogg')]);
    await page.locator('input[name=key]').waitFor();
    await page.unroute('**/v1/analyses');
    await enter(page, await keyOf('longer', ['submit', 'read']));
    const again = page.getByRole('button', { name: 'Try again' });
    await until('both can be sent again', async () => (await again.count()) === 2);
    await again.first().click();
    await page.locator('.upload[data-status=succeeded]').waitFor();
    expect(await again.count()).toBe(1);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await enter(page, await keyOf('next', ['submit', 'read']));
    await page.reload();
    await page.waitForSelector('.samples');
    expect(await page.locator('.upload').count()).toBe(0);
  });

  test('When a key may only read, then nothing is offered that it may not do', async () => {
    const { page } = view;
    await signIn(page, await keyOf('reader', ['read']));
    await page.goto(`/analyses/${analysisId}`);
    await page.waitForSelector('.player[data-state=ready]');
    expect(await page.getByRole('button', { name: /Share|Delete|Send/ }).count()).toBe(0);
    // Its second side is the cloned one.
    expect(await page.locator('.verdict-channel').textContent()).toContain('Said of channel 2');
    await page.getByRole('slider', { name: 'over time · Channel 2' }).waitFor();
    await keepScreenshot(page, 'two-channels-desktop-light');
    await page.goto('/keys');
    await page.getByText('it may only read').waitFor();
    expect(await page.locator('table').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Make a key' }).count()).toBe(0);
  });

  test('When the key of somebody who is signed in expires, then the page says so and lets in by another', async () => {
    const { page } = view;
    const key = await keyOf('fading', ['read']);
    await signIn(page, key);
    const { keys } = createRecords(stage.system.store);
    const record = await keys.get({ prefix: key.slice(3, 11) });
    if (!record) throw new Error('no record');
    await keys.put({ ...record, expires_at: new Date(0).toISOString() });
    // The service believes what it read of a key for some seconds.
    await until('the key is refused', async () => {
      const headers = { authorization: `Bearer ${key}` };
      return (await fetch(`${stage.system.url}/v1/analyses`, { headers })).status === 401;
    });
    await page.getByRole('link', { name: 'History' }).first().click();
    await page.getByRole('alert').getByText('You are no longer signed in').waitFor();
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
    await keepScreenshot(page, 'session-ended-desktop-light');
    await page.goto('/history');
    await page.getByRole('alert').getByText('your key has expired').waitFor();
    await page.locator('input[name=key]').fill(await keyOf('fresh', ['read']));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'History' }).waitFor();
  });
});
