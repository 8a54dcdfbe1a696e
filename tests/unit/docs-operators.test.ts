import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { environmentSchema } from '../../packages/platform/src/environment';

const root = path.join(__dirname, '../..');
const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** Whether a path, of which the last part may hold stars, names something. */
function isThere(named: string): boolean {
  if (!named.includes('*')) return existsSync(path.join(root, named));
  const pattern = new RegExp(`^${path.basename(named).replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  return readdirSync(path.join(root, path.dirname(named))).some((name) => pattern.test(name));
}

test('When the threat model names a test, then it is there, and every threat names one', () => {
  const rows = textOf('docs/security.md').split('\n## Threats\n')[1].split('\n## ')[0].split('\n');
  const threats = rows.filter((row) => row.startsWith('|')).slice(2);
  expect(threats.length).toBeGreaterThan(20);
  for (const threat of threats) {
    const tests = [...threat.matchAll(/`(tests\/[^`]+)`/g)].map(([, file]) => file);
    expect([threat, tests.length > 0, tests.filter((file) => !isThere(file))]).toEqual([threat, true, []]);
  }
});

test('When the product reads a variable, then it is among the examples', () => {
  const example = textOf('.env.example');
  const read = Object.keys(environmentSchema.shape);
  expect(read.length).toBeGreaterThan(40);
  expect(read.filter((name) => !new RegExp(`^#?${name}=`, 'm').test(example))).toEqual([]);
});

test('When the operator is told a variable, then it is among the examples or read by the product', () => {
  const known = textOf('packages/platform/src/environment.ts') + textOf('.env.example');
  const named = [...textOf('docs/operations.md').matchAll(/`([A-Z][A-Z0-9_]{5,})(?:=[^`]*)?`/g)].map(
    ([, name]) => name,
  );
  expect(named.length).toBeGreaterThan(8);
  expect(
    named.filter((name) => !name.startsWith('SIG') && !known.includes(name.replace(/_FILE$/, ''))),
  ).toEqual([]);
});
