import { fixture, startClassicSystem } from '../system';
import { setStage } from './browser';

jest.setTimeout(60_000);

describe('A recording from the microphone', () => {
  const stage = setStage(() => startClassicSystem({ store: 'folder', workers: 0 }), {
    microphone: fixture('real-en.wav'),
  });

  test('When another page is asked for while it is under way, then it is lost only if that is wanted', async () => {
    const { page, context, complaints } = await stage.open();
    await page.goto('/');
    await page.getByRole('button', { name: 'Record' }).click();
    await page.getByText(/Recording 0:0[1-9]/).waitFor();
    const asked: string[] = [];
    page.on(
      'dialog',
      (dialog) => void (asked.push(dialog.message()) === 1 ? dialog.dismiss() : dialog.accept()),
    );
    await page.locator('a.skip').press('Enter');
    expect(asked).toEqual([]);
    const history = page.getByRole('link', { name: 'History' });
    await history.click();
    await page.getByText(/Recording 0:0[2-9]/).waitFor();
    // Two in one turn: the second comes before the first page has gone.
    await page.evaluate(`for (const path of ['/history', '/batches'])
      document.querySelector('a[href="' + path + '"]').click();`);
    await page.waitForURL('**/batches');
    expect(asked).toEqual(Array(2).fill('The recording is not finished. Leave and lose it?'));
    expect(complaints).toEqual([]);
    await context.close();
  });
});
