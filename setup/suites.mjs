/** The suites of `npm test`, each to its counts {passed, failed}. A suite that cannot run counts as one failure. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cache, root } from './paths.mjs';
import { python, trainingEnvironment } from './python-venv.mjs';
import { inTurn, runToEnd } from './terminal.mjs';

const BROKEN = { passed: 0, failed: 1 };
const reports = path.join(cache, 'reports');

const CHECKS = ['types', 'types:web', 'format', 'audit'];

/** Lint, types, format and the known holes in what we use. Lint takes as long as all the others together. */
export async function runChecks() {
  const others = CHECKS.map((script) => () => runCheck(script));
  const [lint, rest] = await Promise.all([runCheck('lint'), inTurn(others)]);
  return sum([lint, ...rest]);
}

export const sum = (counts) => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
});

async function runCheck(script) {
  const code = await runToEnd('npm', ['run', '--silent', script], { cwd: root });
  console.log(`${code === 0 ? 'PASS' : 'FAIL'} ${script}`);
  return code === 0 ? { passed: 1, failed: 0 } : BROKEN;
}

/** All jest projects. A test file that does not load has no test to fail, so it is counted itself. */
export async function runJest() {
  const report = freshReport('jest.json');
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const code = await runToEnd(process.execPath, [jest, '--ci', '--json', `--outputFile=${report}`], {
    cwd: root,
  });
  return countsOf(report, code, (text) => {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(text);
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
  });
}

/** The tests of the training. */
export async function runPytest() {
  const report = freshReport('pytest.xml');
  const env = trainingEnvironment();
  const pytest = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `--junit-xml=${report}`, 'training/tests'];
  const code = await runToEnd(python, pytest, { cwd: root, env });
  return countsOf(report, code, (text) => {
    const count = (name) => Number(new RegExp(`<testsuite [^>]*${name}="(\\d+)"`).exec(text)[1]);
    const failed = count('failures') + count('errors');
    return { passed: count('tests') - failed - count('skipped'), failed };
  });
}

function freshReport(name) {
  mkdirSync(reports, { recursive: true });
  const report = path.join(reports, name);
  rmSync(report, { force: true });
  return report;
}

/** Counts from a report; a runner that failed without a failed test (a crash, no report) is one failure. */
function countsOf(report, code, parse) {
  try {
    const counts = parse(readFileSync(report, 'utf8'));
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } catch {
    return BROKEN;
  }
}
