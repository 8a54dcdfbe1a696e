import { join } from 'node:path';
import { startChild } from './child';
import { ROOT, temporaryFolder } from './folders';

const PROGRAM = join(ROOT, '.cache/venv/bin/st');
const CONFIG = join(ROOT, 'tests/integration/schemathesis.toml');

/** The same inputs in every run, so that what fails here fails everywhere. */
const SEED = 20261124;

/** Lets Schemathesis hold a running service against its own description. Resolves to its exit code and report. */
export async function checkDescription(
  url: string,
  { key, maxExamples }: { key?: string; maxExamples: number },
): Promise<{ exit: number | NodeJS.Signals; report: string }> {
  const folder = await temporaryFolder();
  const child = startChild(
    PROGRAM,
    [
      ...['--config-file', CONFIG, 'run', `${url}/openapi.json`, '--no-color'],
      ...['--max-examples', String(maxExamples), '--seed', String(SEED), '--workers', '2'],
      ...['--request-timeout', '40', '--generation-database', 'none', '--warnings', 'off'],
      ...(key === undefined ? [] : ['--header', `Authorization: Bearer ${key}`]),
    ],
    { ...process.env, HOME: folder, PYTHONDONTWRITEBYTECODE: '1' },
  );
  const exit = await child.exited;
  return { exit, report: child.output() };
}
