import { join } from 'node:path';
import { ROOT } from './folders';

/**
 * What Node is given to run a program of ours, `apps/NAME`: its source, or where the set-up of the tests has just
 * built them all, its bundle, which is up in a third of the time.
 */
export function programOf(app: 'api' | 'worker' | 'cli', name = 'main'): string[] {
  if (process.env.BONAFIDE_TEST_BUILT === '1') return [join(ROOT, `apps/${app}/dist/${name}.js`)];
  return ['--conditions=source', '--import', 'tsx', join(ROOT, `apps/${app}/src/${name}.ts`)];
}
