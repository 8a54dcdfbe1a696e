import type { LookupAddress } from 'node:dns';
import { createOutbound, OutboundError } from '@bonafide/platform';
import { startReceiver, type Receiver } from '../system/receiver';

const PUBLIC = { address: '93.184.216.34', family: 4 };
const v4 = (address: string): LookupAddress => ({ address, family: 4 });
const v6 = (address: string): LookupAddress => ({ address, family: 6 });
const call = { method: 'GET', headers: {}, signal: AbortSignal.timeout(20_000) } as const;

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());

/** What came of a call to a name with these addresses. */
async function faultOf(addresses: LookupAddress[], allow: string[] = []): Promise<string> {
  const outbound = createOutbound(allow, async () => addresses);
  const url = `http://hooks.example:${receiver.port}/`;
  const answer = await outbound.call(url, call).catch((error: unknown) => error as OutboundError);
  return answer instanceof OutboundError ? answer.fault : String(answer.status);
}

test.each([
  [[v4('127.0.0.1')]],
  [[v4('0.0.0.0')]],
  [[v4('10.1.2.3')]],
  [[v4('172.31.0.1')]],
  [[v4('192.168.1.1')]],
  [[v4('169.254.169.254')]],
  [[v4('100.64.0.1')]],
  [[v4('198.18.0.1')]],
  [[v4('192.0.0.8')]],
  [[v4('203.0.113.9')]],
  [[v4('224.0.0.1')]],
  [[v4('240.0.0.1')]],
  [[v4('255.255.255.255')]],
  [[v6('::1')]],
  [[v6('::')]],
  [[v6('::7f00:1')]],
  [[v6('::ffff:127.0.0.1')]],
  [[v6('::ffff:a00:1')]],
  [[v6('::ffff:0:127.0.0.1')]],
  [[v6('64:ff9b::7f00:1')]],
  [[v6('64:ff9b::a9fe:a9fe')]],
  [[v6('64:ff9b:1::808:808')]],
  [[v6('2002:7f00:1::')]],
  [[v6('2002:808:808::')]],
  [[v6('2001::1')]],
  [[v6('2001:db8::1')]],
  [[v6('fe80::1')]],
  [[v6('fe80::1%eth0')]],
  [[v6('fec0::1')]],
  [[v6('fc00::1')]],
  [[v6('fd00:ec2::254')]],
  [[v6('ff02::1')]],
  [[v6('100::1')]],
  [[v6('4000::1')]],
  [[PUBLIC, v4('127.0.0.1')]],
  [[]],
])('When a name stands for %j, then it is not called', async (addresses) => {
  expect(await faultOf(addresses)).toBe('address_not_allowed');
  expect(receiver.received).toHaveLength(0);
});

test.each([
  ['http://127.0.0.1/'],
  ['http://127.1/'],
  ['http://2130706433/'],
  ['http://0x7f.0.0.1/'],
  ['http://0177.0.0.1/'],
  ['http://127。0。0。1/'],
  ['http://[::1]/'],
  ['http://[::ffff:127.0.0.1]/'],
  ['http://[::ffff:7f00:1]/'],
  ['http://localhost/'],
  ['http://LOCALHOST./'],
  ['http://metadata.localhost/'],
  ['http://169.254.169.254/latest/meta-data'],
  ['http://user:password@example.com/'],
  ['ftp://example.com/'],
  ['file:///etc/passwd'],
  ['not an address'],
])('When an address is %s, then it is refused without a look at the name servers', (url) => {
  const outbound = createOutbound([], () => Promise.reject(new Error('asked')));
  expect(() => outbound.assertCallable(url)).toThrow(OutboundError);
});

test.each([
  ['hooks.example', true],
  ['HOOKS.example', true],
  ['127.0.0.0/8', true],
  ['127.0.0.1', true],
  ['example', false],
  ['hooks.example:1', false],
  ['127.0.0.1:1', false],
  ['10.0.0.0/8', false],
  ['fd00::/8', false],
])('When the operator lists %s, then a name of 127.0.0.1 may be called: %j', async (entry, isAllowed) => {
  receiver.reply = () => ({ status: 204 });
  expect(await faultOf([v4('127.0.0.1')], [entry])).toBe(isAllowed ? '204' : 'address_not_allowed');
});

test('When the operator names the port as well, then that port alone is open', async () => {
  expect(await faultOf([v4('127.0.0.1')], [`hooks.example:${receiver.port}`])).toBe('204');
  expect(await faultOf([v6('::ffff:127.0.0.1')], [`127.0.0.1:${receiver.port}`])).toBe('204');
});

test.each(['not a host', '10.0.0.0/99', '[::1', 'a/b'])(
  'When the list holds %j, then it is refused by name',
  (entry) => {
    expect(() => createOutbound([entry])).toThrow(JSON.stringify(entry));
  },
);

test('When a name is called, then it is resolved once, and the connection goes to what was checked', async () => {
  receiver.received.length = 0;
  const asked: string[] = [];
  const outbound = createOutbound(['rebinding.example'], async (host) => {
    asked.push(host);
    return [v4('127.0.0.1')];
  });
  const answer = await outbound.call(`http://rebinding.example:${receiver.port}/a`, call);
  answer.release();
  expect({ status: answer.status, asked }).toEqual({ status: 204, asked: ['rebinding.example'] });
  expect(receiver.received[0].headers.host).toBe(`rebinding.example:${receiver.port}`);
});

test('When a name is not known, nobody listens or nothing is answered in time, then the fault says which', async () => {
  const outbound = createOutbound(['127.0.0.1', 'nowhere.example'], () =>
    Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
  );
  await expect(outbound.call('http://nowhere.example/', call)).rejects.toMatchObject({
    fault: 'name_not_found',
  });
  await expect(outbound.call('http://127.0.0.1:1/', call)).rejects.toMatchObject({
    fault: 'connection_refused',
  });
  receiver.reply = () => 'hang';
  const hurried = { ...call, signal: AbortSignal.timeout(100) };
  await expect(outbound.call(receiver.url, hurried)).rejects.toMatchObject({ fault: 'timeout' });
});
