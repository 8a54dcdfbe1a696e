import { readFileSync } from 'node:fs';
import { fixture, rubbish, zipOf } from '../system';

export const real = readFileSync(fixture('real-en-3s.wav'));
const fake = readFileSync(fixture('fake-ja.mp3'));
const inner = zipOf([{ name: 'a.wav', data: real }]);
/** One entry of every kind that a zip and a tar can both hold. */
export const MIXED = [
  { name: 'calls/real.wav', data: real },
  { name: 'calls/again.wav', data: real },
  { name: 'calls/=cmd.mp3', data: fake },
  { name: 'calls/rubbish.wav', data: rubbish(1) },
  { name: 'calls/notes.txt', data: 'only words' },
  { name: 'calls/empty.wav', data: '' },
  { name: 'calls/inner.zip', data: inner },
  { name: 'calls/inner.wav', data: inner },
  { name: 'calls/.DS_Store', data: 'x' },
  { name: '__MACOSX/calls/._real.wav', data: 'x' },
  { name: '../up.wav', data: real },
  { name: '/etc/passwd.wav', data: real },
  {
    name: 'manifest.csv',
    data: 'path,custom_id,label\r\ncalls/real.wav,case 7,calls\r\n"calls/=cmd.mp3",=1+1,\r\n',
  },
];
/** What is to become of each: path, status, reason. */
export const EXPECTED: [string, string, string | null][] = [
  ['calls/real.wav', 'succeeded', null],
  ['calls/again.wav', 'skipped', 'duplicate'],
  ['calls/=cmd.mp3', 'succeeded', null],
  ['calls/rubbish.wav', 'failed', null],
  ['calls/notes.txt', 'skipped', 'not_audio'],
  ['calls/empty.wav', 'skipped', 'empty'],
  ['calls/inner.zip', 'skipped', 'nested_archive'],
  ['calls/inner.wav', 'skipped', 'nested_archive'],
  ['calls/.DS_Store', 'skipped', 'hidden'],
  ['__MACOSX/calls/._real.wav', 'skipped', 'hidden'],
  ['../up.wav', 'skipped', 'unsafe_path'],
  ['/etc/passwd.wav', 'skipped', 'unsafe_path'],
  ['manifest.csv', 'skipped', 'manifest'],
];
