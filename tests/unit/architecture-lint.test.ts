import { execFileSync } from 'node:child_process';
import path from 'node:path';

const root = path.join(__dirname, '../..');

/** Snippets are linted under the name of a file that exists, because the typed rules need it in the project. */
const VIOLATIONS: readonly (readonly [title: string, file: string, source: string, rule: string])[] = [
  [
    'the API reaches for the pipeline',
    'apps/api/src/main.ts',
    `import '@bonafide/pipeline';`,
    'import-x/no-restricted-paths',
  ],
  [
    'the API names a package it does not declare',
    'apps/api/src/main.ts',
    `import 'ioredis';`,
    'n/no-extraneous-import',
  ],
  [
    'the pipeline reaches for the platform',
    'packages/pipeline/src/index.ts',
    `import '@bonafide/platform';`,
    'import-x/no-restricted-paths',
  ],
  [
    'a package reaches for an app',
    'packages/platform/src/index.ts',
    `import '../../../apps/api/src/main';`,
    'import-x/no-restricted-paths',
  ],
  [
    'the contracts use a runtime module',
    'packages/contracts/src/index.ts',
    `import 'node:fs';`,
    'no-restricted-imports',
  ],
  [
    'the features use a runtime module',
    'packages/pipeline/src/features/table.ts',
    `import 'node:fs';`,
    'no-restricted-imports',
  ],
  [
    'the ensemble waits for the event loop',
    'packages/pipeline/src/ensemble/fusion.ts',
    `import '../signal/own-turn';`,
    'no-restricted-imports',
  ],
  [
    'the features reach for the audio part',
    'packages/pipeline/src/features/table.ts',
    `import '../audio/decode';`,
    'import-x/no-restricted-paths',
  ],
  [
    'another file than the thread of the models names the runtime',
    'packages/pipeline/src/index.ts',
    `import 'onnxruntime-node';`,
    'no-restricted-imports',
  ],
  [
    'an import goes past the exports of a package',
    'apps/worker/src/main.ts',
    `import '@bonafide/pipeline/src/detect';`,
    'no-restricted-imports',
  ],
  [
    'the environment is read outside the configuration',
    'apps/worker/src/main.ts',
    `export const p = process.env.PORT;`,
    'n/no-process-env',
  ],
  [
    'a default export appears',
    'packages/contracts/src/index.ts',
    `export default 1;`,
    'import-x/no-default-export',
  ],
  [
    'an enum appears',
    'packages/contracts/src/index.ts',
    `export enum Colour { Red }`,
    'no-restricted-syntax',
  ],
  [
    'a boolean parameter appears',
    'packages/contracts/src/index.ts',
    `export function f(loud: boolean): number { return loud ? 1 : 0; }`,
    'no-restricted-syntax',
  ],
  [
    'any appears',
    'packages/contracts/src/index.ts',
    `export const f = (x: any): string => String(x);`,
    '@typescript-eslint/no-explicit-any',
  ],
];

describe('the arrows of the design', () => {
  let broken: readonly string[][];

  beforeAll(() => {
    const request = {
      cwd: root,
      snippets: VIOLATIONS.map(([, file, source]) => ({ source, filePath: path.join(root, file) })),
      files: [path.join(root, 'tests/fixtures/cycle/one.ts')],
    };
    const script = path.join(__dirname, 'architecture-lint.mjs');
    broken = JSON.parse(
      execFileSync(process.execPath, [script], { input: JSON.stringify(request), encoding: 'utf8' }),
    ) as string[][];
  });

  test.each(VIOLATIONS.map(([title, , , rule], index) => [title, rule, index] as const))(
    'When %s, then lint refuses it',
    (_title, rule, index) => expect(broken[index]).toContain(rule),
  );

  test('When two files import each other, then lint refuses the cycle', () => {
    expect(broken[VIOLATIONS.length]).toContain('import-x/no-cycle');
  });
});
