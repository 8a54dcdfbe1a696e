import { cleanFilename } from '../../apps/api/src/filename';

test.each([
  ['call.wav', 'call.wav'],
  ['/var/lib/call.wav', 'call.wav'],
  ['C:\\Users\\me\\call.wav', 'call.wav'],
  ['a\u0000b\r\nc\u001b[31m.wav', 'abc[31m.wav'],
  ['\u202egpj.wav', 'gpj.wav'],
  ['録音 🎙.wav', '録音 🎙.wav'],
  [`${'🎙'.repeat(300)}`, '🎙'.repeat(255)],
  ['  ', 'recording'],
  ['dir/', 'recording'],
  [undefined, 'recording'],
])('When a client says %j, then people read %j', (given, shown) => {
  expect(cleanFilename(given)).toBe(shown);
});
