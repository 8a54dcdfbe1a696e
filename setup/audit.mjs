/**
 * `npm run audit`: fails where what we ship has a known hole of high or critical weight. A registry that does not
 * answer, or keeps no advisories, proves nothing against us: that is said, and is no failure.
 */
import { spawnSync } from 'node:child_process';
import { root } from './paths.mjs';

const PATIENCE = { fetchMs: 15_000, wholeMs: 60_000 };
const OPTIONS = [
  '--omit=dev',
  '--audit-level=high',
  '--fetch-retries=0',
  `--fetch-timeout=${PATIENCE.fetchMs}`,
];

const { stdout } = spawnSync('npm', ['audit', '--json', ...OPTIONS], {
  cwd: root,
  encoding: 'utf8',
  timeout: PATIENCE.wholeMs,
  stdio: ['ignore', 'pipe', 'ignore'],
});
const found = answerOf(stdout);
if (!found) console.log('audit: the registry does not tell of holes; nothing was looked at');
else {
  const { high = 0, critical = 0 } = found.metadata.vulnerabilities;
  const grave = Object.values(found.vulnerabilities ?? {}).filter(({ severity }) =>
    /high|critical/.test(severity),
  );
  for (const { name, severity, range } of grave) console.log(`audit: ${severity}: ${name} ${range}`);
  console.log(`audit: ${high} high, ${critical} critical`);
  if (high + critical > 0) process.exitCode = 1;
}

/** The report, or undefined where the answer is none. */
function answerOf(text) {
  try {
    const report = JSON.parse(text);
    return report.metadata?.vulnerabilities ? report : undefined;
  } catch {
    return undefined;
  }
}
