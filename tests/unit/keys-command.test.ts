import { parseArguments, UsageError } from '../../apps/cli/src/keys-arguments';

test.each([
  ['Ärzte & Co', 'arzte-co'],
  ['  Café  Nº 1 ', 'cafe-no-1'],
  ['web', 'web'],
])('When a key is for %j, then its tenant is %s', (name, tenant) => {
  expect(parseArguments(['create', '--name', name])).toMatchObject({
    command: 'create',
    tenant,
    scopes: ['submit', 'read'],
  });
});

test.each([
  [['create']],
  [['create', '--name', 'x', '--scopes', 'all']],
  [['create', '--name', 'x', '--expires', 'soon']],
  [['create', '--name', 'x', '--tenant', '../other']],
  [['create', '--name', '???']],
  [['create', 'x']],
  [['revoke']],
  [['frobnicate']],
  [['list', '--what']],
])('When %j is asked for, then it is refused in words', (args) => {
  expect(() => parseArguments(args)).toThrow(UsageError);
});
