import path from 'node:path';

/** What Node is given to run one of our programs: the bundle that the set-up has built, else its source. */
export function programOf(name: string): string[] {
  const built = process.env.BENCH_PROGRAMS;
  if (built !== undefined) return [path.join(built, `${name}.js`)];
  return ['--conditions=source', '--import', 'tsx', path.join(__dirname, `programs/${name}.ts`)];
}
