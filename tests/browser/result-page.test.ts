import { readFile } from 'node:fs/promises';
import { fixture, recording, startClassicSystem, until } from '../system';
import { setStage } from './browser';

jest.setTimeout(90_000);

describe('The page of a result', () => {
  const stage = setStage(() => startClassicSystem({ store: 'folder' }));

  test.each(['recall', 'balanced', 'precision'] as const)(
    'When a result is judged by %s, then its mark lies in the undecided zone just where the decision says so',
    async (profile) => {
      const { client } = stage.system;
      const { page, context } = await stage.open();
      for (const name of ['real-en-3s.wav', 'fake-en.flac', 'call-two-channels.flac']) {
        const { id } = await client.submit(await recording(name), { profile });
        const { result } = await client.wait(id, { timeoutSec: 60 });
        await page.goto(`/analyses/${id}`);
        const of = async (selector: string, attribute: string) =>
          parseFloat((await page.locator(selector).getAttribute(attribute)) ?? '');
        const isInZone = async () => {
          const beyond = (await of('.scale-mark', 'cx')) - (await of('.scale-near', 'x'));
          return beyond > 0 && beyond < (await of('.scale-near', 'width'));
        };
        const isNear = result?.decision.reasons.some(({ code }) => code === 'near_threshold');
        await until(`${name} is drawn as ${isNear}`, async () => (await isInZone()) === isNear);
      }
      await context.close();
    },
  );

  test('When a result is printed from a dark screen, then all of its timeline is on light paper', async () => {
    const { page, context } = await stage.open({ colorScheme: 'dark' });
    await page.goto('/');
    await page.setInputFiles('input[type=file]', fixture('partly-fake-en.flac'));
    await page.waitForSelector('.player[data-state=ready]');
    const widthOf = async (selector: string) => (await page.locator(selector).boundingBox())?.width ?? 0;
    const onScreenPx = await widthOf('.timeline-chart canvas');
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    // A4 less its margins is 703 wide, and the card has a padding.
    await until('it is as wide as the paper', async () => (await widthOf('.timeline-chart canvas')) <= 671);
    const zoom = Number(
      await page.evaluate(`document.querySelector('.tracks').style.getPropertyValue('--paper-zoom')`),
    );
    expect(zoom * (await widthOf('.wave'))).toBeLessThanOrEqual(671);
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('light');
    await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
    expect(await page.getAttribute('html', 'data-theme')).toBeNull();
    await until(
      'it is drawn for the screen',
      async () => (await widthOf('.timeline-chart canvas')) === onScreenPx,
    );
    await context.close();
  });

  test.each([
    ['is damaged', 'Teile der Datei sind beschädigt', (whole: Buffer) => whole.fill(0, 40_000, 41_000)],
    ['breaks off', 'Die Datei bricht ab: Von den 10,6', (whole: Buffer) => whole.subarray(0, 60_000)],
  ])('When a file %s, then its page says so in the reader’s language', async (_name, words, harm) => {
    const { page, context } = await stage.open({ locale: 'de-DE' });
    await page.goto('/');
    const buffer = harm(await readFile(fixture('fake-en.flac')));
    await page.setInputFiles('input[type=file]', { name: 'bruch.flac', mimeType: 'audio/flac', buffer });
    await page.getByText(words).waitFor();
    await context.close();
  });
});
