/** One project a suite, so that `jest --selectProjects unit` runs what needs no server. */
const shared = {
  rootDir: __dirname,
  // Sources alone: what is installed beside them is read where it is imported.
  roots: ['<rootDir>/apps', '<rootDir>/bench', '<rootDir>/packages', '<rootDir>/tests'],
  testEnvironment: '<rootDir>/tests/environment/node-environment.js',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'require', 'default'] },
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }] },
};
const suite = (name, extra = {}) => ({
  ...shared,
  displayName: name,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  ...extra,
});
module.exports = {
  projects: [suite('unit'), suite('parity'), suite('integration'), suite('faults'), suite('browser')],
  testTimeout: 60_000,
  maxWorkers: 3,
  testSequencer: '<rootDir>/tests/environment/slow-first.js',
};
