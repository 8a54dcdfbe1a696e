import { recording, startClassicSystem, until } from '../system';
import { PHONE, setStage } from './browser';

jest.setTimeout(120_000);

type Focused = { number: number; group: string; isShown: boolean };

/** Notes what can be worked with; of radio buttons of one name the keyboard reaches one, and arrows the others. */
const NUMBER_CONTROLS = `
  globalThis.controls = [
    ...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]'),
  ].filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled && each.tabIndex >= 0);
  globalThis.groupOf = (each) => (each.type === 'radio' ? each.name : String(controls.indexOf(each)));
  new Set(controls.map(groupOf)).size`;
const FOCUSED = `(() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  const { width, top, bottom } = document.activeElement.getBoundingClientRect();
  return {
    number: controls.indexOf(document.activeElement),
    group: groupOf(document.activeElement),
    isShown: outlineStyle !== 'none' && parseFloat(outlineWidth) > 0 && width > 0 && bottom > 0 && top < innerHeight,
  };
})()`;

describe('The pages, by the keyboard', () => {
  const stage = setStage(() => startClassicSystem({ store: 'folder' }));
  let analysisId: string;

  beforeAll(async () => {
    ({ id: analysisId } = await stage.system.client.submit(await recording('partly-fake-en.flac')));
    await stage.system.client.wait(analysisId, { timeoutSec: 60 });
  });

  test('When only the keyboard is used, then every control of every page is reached and shows it', async () => {
    const view = await stage.open();
    const faults: string[] = [];
    const pages = [
      ['home', '/', '.samples'],
      ['result', `/analyses/${analysisId}`, '.player[data-state=ready]'],
      ['model', '/model', '.calibration canvas'],
      ['history', '/history', 'tbody tr'],
      ['batches', '/batches', '.page-head'],
      ['webhooks', '/webhooks', '.page-head'],
      ['keys', '/keys', '.page-head'],
      ['status', '/status', '.facts'],
    ];
    for (const [name, path, ready] of pages) {
      await view.page.goto(path);
      await view.page.waitForSelector(ready);
      const groups = Number(await view.page.evaluate(NUMBER_CONTROLS));
      const reached = new Set<string>();
      for (let steps = 0; steps < groups; steps += 1) {
        await view.page.keyboard.press('Tab');
        const { number, group, isShown } = await view.page.evaluate<Focused>(FOCUSED);
        reached.add(group);
        if (!isShown) faults.push(`${name}: control ${number} does not show the focus`);
      }
      if (reached.size < groups) faults.push(`${name}: ${reached.size} of ${groups} are reached`);
    }
    expect(faults).toEqual([]);
    await view.context.close();
  });

  test('When a dialog is left by the keyboard, or has done its work, then the focus is where it was', async () => {
    const { page, context } = await stage.open({ viewport: PHONE });
    const focus = () => page.evaluate<string>('document.activeElement.textContent.trim()');
    await page.goto('/webhooks');
    for (const open of ['Enter', 'Space']) {
      await page.getByRole('button', { name: 'Add an endpoint' }).press(open);
      await page.locator('dialog[open]').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
      expect(await focus()).toBe('Add an endpoint');
    }
    // One dialog after another; which of them has the last word on the focus is a matter of milliseconds.
    for (const path of ['one', 'two', 'three', 'four', 'five']) {
      await page.keyboard.press('Enter');
      await page.locator('input[name=url]').fill(`https://receiver.example/${path}`);
      await page.keyboard.press('Enter');
      await page.getByText('The secret of this endpoint').waitFor();
      await until('what is to be copied has the focus', async () =>
        /^whsec_/.test(await page.evaluate<string>('document.activeElement.value ?? ""')),
      );
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
      expect(await focus()).toBe('Add an endpoint');
    }
    await page.locator('.nav-narrow summary').focus();
    expect(await focus()).toBe('Menu');
    await page.keyboard.press('Enter');
    await page.locator('.nav-narrow[open] a').first().focus();
    await page.keyboard.press('Escape');
    expect(await page.locator('.nav-narrow[open]').count()).toBe(0);
    expect(await focus()).toBe('Menu');
    await context.close();
  });
});
