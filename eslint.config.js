/** The design's arrows and style points as rules; `tests/unit/architecture-lint.test.ts` proves each one bites. */
const tseslint = require('typescript-eslint');
const { importX, createNodeResolver } = require('eslint-plugin-import-x');
const { createTypeScriptImportResolver } = require('eslint-import-resolver-typescript');
const n = require('eslint-plugin-n');

/** Who may use which package; an app or a package that is not named here may use none. */
const ARROWS = {
  'apps/api': ['contracts', 'platform'],
  'apps/worker': ['contracts', 'platform', 'pipeline'],
  'apps/cli': ['client', 'contracts', 'platform', 'pipeline'],
  'apps/standalone': ['platform'],
  'apps/web': ['client', 'contracts'],
  'packages/client': ['contracts'],
  'packages/platform': ['contracts'],
  'packages/pipeline': ['contracts'],
  'packages/contracts': [],
};
const PIPELINE_PARTS = ['audio', 'features', 'inference', 'ensemble'];

const arrowZones = Object.entries(ARROWS).flatMap(([target, allowed]) => {
  const [kind, name] = target.split('/');
  const own = (folder) => (folder === kind ? [`./${name}`] : []);
  return [
    {
      target: `./${target}`,
      from: './packages',
      except: [...allowed.map((each) => `./${each}`), ...own('packages')],
      message: `${target} may use ${allowed.join(', ') || 'no package'} only.`,
    },
    { target: `./${target}`, from: './apps', except: own('apps'), message: 'Nothing imports an app.' },
  ];
});
/** `signal/` is the arithmetic that audio and features share; it stands below all parts and knows none. */
const pipelineZones = [...PIPELINE_PARTS, 'signal'].map((part) => ({
  target: `./packages/pipeline/src/${part}`,
  from: './packages/pipeline/src',
  except: [...new Set([`./${part}`, './signal', './types.ts'])],
  message: 'The parts of the pipeline meet in detect.ts; shared types live in types.ts.',
}));

const DEEP = {
  regex: '^@bonafide/[^/]+/',
  message: 'Import a package by its name: its exports are its face.',
};
const ONNX = { regex: '^onnxruntime-node', message: 'Only inference/model-thread.js speaks to the runtime.' };
/** `allowed`: the packages that code made of arithmetic and data may still name. */
const pure = (...allowed) => ({
  regex: `^(?!\\.{1,2}/|(${allowed.join('|')})$)`,
  message: `Only relative imports and ${allowed.join(', ')} here: no node:*, no framework.`,
});
/** What waits belongs above them. */
const TURNS = {
  regex: '^\\.\\./signal/own-turn$',
  message: 'Arithmetic does not wait for the event loop: whoever calls it does.',
};
const restricted = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

const STYLE = {
  'max-lines': ['error', { max: 250 }],
  'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
  'no-restricted-syntax': [
    'error',
    { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
    {
      selector: ':function > Identifier.params > TSTypeAnnotation > TSBooleanKeyword',
      message: 'A boolean parameter says nothing where it is passed: use a named option or two functions.',
    },
  ],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/only-throw-error': 'error',
};

/** Without the rules that ask for types: the pages are a world of their own, with the browser's. */
const STYLE_OF_PAGES = {
  'max-lines': STYLE['max-lines'],
  'no-restricted-syntax': STYLE['no-restricted-syntax'],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/consistent-type-imports': STYLE['@typescript-eslint/consistent-type-imports'],
  '@typescript-eslint/no-unused-vars': STYLE['@typescript-eslint/no-unused-vars'],
};

module.exports = tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      'data/',
      // AssemblyScript: looks like TypeScript, and has a compiler of its own.
      'packages/*/assembly/*.ts',
      '.cache/',
      'coverage/',
      'training/',
      'models/',
      'tests/fixtures/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    ignores: ['apps/web/**'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    plugins: { 'import-x': importX, n },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [
        createTypeScriptImportResolver({
          project: `${__dirname}/tsconfig.json`,
          conditionNames: ['source', 'require', 'node', 'default'],
        }),
        createNodeResolver(),
      ],
    },
    rules: {
      ...STYLE,
      ...restricted(DEEP, ONNX),
      'import-x/no-restricted-paths': [
        'error',
        { basePath: __dirname, zones: [...arrowZones, ...pipelineZones] },
      ],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
      'import-x/no-relative-packages': 'error',
      'n/no-process-env': 'error',
    },
  },
  { files: ['apps/*/src/**/*.ts', 'packages/*/src/**/*.ts'], rules: { 'n/no-extraneous-import': 'error' } },
  // The pages: the compiler's own rules for types (`npm run types:web`), and here the arrows and the style.
  {
    files: ['apps/web/**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommended],
    plugins: { n },
    rules: {
      ...STYLE_OF_PAGES,
      ...restricted(DEEP, {
        regex: '^@bonafide/(?!client$|contracts$)',
        message: 'The pages may use client and contracts only.',
      }),
    },
  },
  // One file a language, for those who translate.
  { files: ['apps/web/src/texts/*.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['packages/pipeline/src/features/**/*.ts', 'packages/pipeline/src/ensemble/**/*.ts'],
    rules: restricted(pure('@bonafide/contracts', 'meyda'), TURNS),
  },
  { files: ['packages/contracts/src/**/*.ts'], rules: restricted(pure('zod')) },
  {
    files: ['packages/platform/src/config.ts', 'packages/pipeline/src/inference/no-telemetry.ts'],
    rules: { 'n/no-process-env': 'off' },
  },
  {
    files: ['tests/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'n/no-process-env': 'off',
      'import-x/no-relative-packages': 'off',
      'import-x/no-restricted-paths': 'off',
      ...restricted(DEEP),
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'require',
          'module',
          '__dirname',
          'process',
          'console',
          'setTimeout',
          'setInterval',
          'clearInterval',
          'clearTimeout',
          'fetch',
          'AbortSignal',
          'URL',
          'Buffer',
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: { 'max-lines': STYLE['max-lines'], 'no-undef': 'error', 'no-unused-vars': 'error' },
  },
  { files: ['**/*.js'], languageOptions: { sourceType: 'commonjs' } },
  {
    files: ['apps/web/public/*.js'],
    languageOptions: { globals: { document: 'readonly', localStorage: 'readonly' } },
  },
);
