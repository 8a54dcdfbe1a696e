import { startReceiver, startClassicSystem, type Receiver } from '../system';
import { keepScreenshot, PHONE, setStage } from './browser';

jest.setTimeout(90_000);

describe('The page of webhooks', () => {
  let receiver: Receiver;
  const stage = setStage(async () => {
    receiver = await startReceiver();
    const env = { WEBHOOK_ALLOW_HOSTS: '127.0.0.1', WEBHOOK_RETRY_SCHEDULE_S: '0,4,0,60' };
    return startClassicSystem({ store: 'folder', env });
  });
  afterAll(() => receiver?.stop());

  test('When a test is sent, then its delivery is followed by itself, attempt by attempt, also when sent again', async () => {
    receiver.reply = (_to, count) => ({ status: count === 1 ? 500 : 204 });
    const { page, context, complaints } = await stage.open({ viewport: PHONE });
    await page.goto('/webhooks');
    await page.getByRole('button', { name: 'Add an endpoint' }).click();
    await page.locator('input[name=url]').fill(`${receiver.url}/hook`);
    await page.keyboard.press('Enter');
    await page.getByText('The secret of this endpoint').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText(/^under way \(500\), again /).waitFor();
    await page.getByText('delivered (204)').waitFor();
    const attempts = page.locator('td[data-label]');
    expect(await attempts.textContent()).toBe('2');
    // On a phone the head of the table is not seen.
    const before = `getComputedStyle(document.querySelector('td[data-label]'), '::before').content`;
    expect(await page.evaluate(before)).toBe('"Attempts: "');
    await page.getByRole('button', { name: 'Send again' }).click();
    await attempts.getByText('3').waitFor();
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('button', { name: 'Enable' }).waitFor();
    expect(await page.getByRole('button', { name: 'Send a test' }).isDisabled()).toBe(true);
    expect(await page.getByText('on its way').count()).toBe(0);
    await keepScreenshot(page, 'webhooks-phone-light');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('When an address is refused or does not answer, then it is said in words of the reader', async () => {
    const { page, context } = await stage.open({ locale: 'de-DE' });
    await page.goto('/webhooks');
    await page.getByRole('button', { name: 'Adresse hinzufügen' }).click();
    const url = page.locator('input[name=url]');
    const refusal = page.getByRole('dialog').getByRole('alert');
    for (const refused of ['ftp://example.com/', 'http://10.0.0.1/']) {
      await url.fill(refused);
      await url.press('Enter');
      await refusal.getByText('im öffentlichen Netz').waitFor();
      expect(await refusal.textContent()).not.toMatch(/url:/);
    }
    await url.fill('http://127.0.0.1:1/');
    await url.press('Enter');
    await page.getByText('Das Geheimnis dieser Adresse').waitFor();
    await page.keyboard.press('Escape');
    const card = page.getByRole('region', { name: 'http://127.0.0.1:1/' });
    await card.getByRole('button', { name: 'Probe senden' }).click();
    await card.getByText('(Verbindung abgelehnt)').waitFor();
    await keepScreenshot(page, 'webhooks-desktop-german');
    await context.close();
  });
});
