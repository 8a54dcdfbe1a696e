import { recording, startReceiver } from '../system';
import { BASE, startDesk, type Desk } from './webhook-desk';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('folder');
});
afterAll(() => desk?.stop());
beforeEach(() => desk.clear());

test.each([
  'http://169.254.169.254/',
  'http://[::1]/',
  'http://2130706433/',
  'http://localhost:1/',
  'https://10.0.0.1/',
])('When %s is given as an address, then it is refused', async (url) => {
  const refused = { status: 422, code: 'unprocessable' };
  expect(await desk.ask('POST', BASE, { url })).toMatchObject(refused);
  expect(await desk.ask('POST', '/v1/analyses', { url })).toMatchObject(refused);
});

describe('submission by url', () => {
  const submitUrl = (path: string, more: object = {}) =>
    desk.ask<{ id: string; code?: string; status: unknown; detail?: string }>('POST', '/v1/analyses', {
      url: desk.receiver.url + path,
      ...more,
    });

  test('When a recording lies at an address, then it is fetched, also behind a redirect, and analysed', async () => {
    const { content } = await recording('real-en-3s.wav');
    const body = Buffer.from(await content.arrayBuffer());
    desk.receiver.reply = ({ path }) =>
      path === '/moved' ? { status: 301, headers: { location: '/a%20call.wav' } } : { status: 200, body };
    const accepted = await submitUrl('/moved', { custom_id: 'call-7' });
    expect(accepted).toMatchObject({ status: 'queued', filename: 'a call.wav' });
    expect(await desk.system.store.read(`media/default/${accepted.id}`)).toEqual(body);
    expect((await desk.system.client.wait(accepted.id, { timeoutSec: 60 })).status).toBe('succeeded');
  });

  test('When it is redirected to where nobody may call, answers no recording or hangs, then it is refused and nothing is kept', async () => {
    const trap = await startReceiver();
    const refused = { status: 422, code: 'fetch_failed' };
    desk.receiver.reply = () => ({ status: 302, headers: { location: trap.url } });
    expect(await submitUrl('/a')).toMatchObject(refused);
    expect(trap.received).toHaveLength(0);
    await trap.stop();
    desk.receiver.reply = () => ({ status: 302, headers: { location: '/again' } });
    expect(await submitUrl('/b')).toMatchObject(refused);
    desk.receiver.reply = () => ({ status: 404 });
    expect(await submitUrl('/c')).toMatchObject({ ...refused, detail: 'The address answered 404' });
    desk.receiver.reply = () => 'hang';
    expect(await submitUrl('/h')).toMatchObject({ ...refused, detail: 'There was no answer in time' });
    desk.receiver.reply = () => ({ status: 200, body: '' });
    expect(await submitUrl('/d')).toMatchObject({ status: 400, code: 'empty_file' });
    desk.receiver.reply = () => ({ status: 200, headers: { 'content-length': '999999999' }, body: 'x' });
    expect(await submitUrl('/e')).toMatchObject({ status: 413, code: 'file_too_large' });
  });
});
