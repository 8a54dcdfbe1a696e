import { join } from 'node:path';
import { startChild } from './child';
import { ROOT, temporaryFolder } from './folders';

const PROGRAM = join(ROOT, '.cache/venv/bin/st');
const CONFIG = join(ROOT, 'tests/integration/schemathesis.toml');
/** It keeps notes in the folder that it runs in: one that goes away. */
const IN_FOLDER = 'cd "$0" && exec "$@"';

/** The same inputs in every run, so that what fails here fails everywhere. */
const SEED = 20261124;

export type Phase = 'coverage' | 'fuzzing' | 'stateful';

/**
 * Lets Schemathesis hold a running service against its own description. Resolves to what it found: nothing, or
 * its report.
 */
export async function departures(
  url: string,
  { key, phases, maxExamples }: { key?: string; phases: readonly Phase[]; maxExamples: number },
): Promise<string> {
  const folder = await temporaryFolder();
  const options = {
    '--phases': phases.join(','),
    '--max-examples': String(maxExamples),
    '--seed': String(SEED),
    '--request-timeout': '40',
    '--generation-database': 'none',
    '--warnings': 'off',
    ...(key !== undefined && { '--header': `Authorization: Bearer ${key}` }),
  };
  const command = [PROGRAM, '--config-file', CONFIG, 'run', `${url}/openapi.json`, '--no-color'];
  const child = startChild(
    '/bin/sh',
    ['-c', IN_FOLDER, folder, ...command, ...Object.entries(options).flat()],
    { ...process.env, HOME: folder, PYTHONDONTWRITEBYTECODE: '1' },
  );
  return (await child.exited) === 0 ? '' : child.output();
}
