import { parseArgs } from 'node:util';

export type BenchOptions = { stages: boolean; service: boolean; longSec: number };

/** `npm run bench -- [--stages] [--service] [--long SECONDS]`; nothing named means stages and service. */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { stages: { type: 'boolean' }, service: { type: 'boolean' }, long: { type: 'string' } },
  });
  const isAll = !values.stages && !values.service && values.long === undefined;
  return {
    stages: isAll || values.stages === true,
    service: isAll || values.service === true,
    longSec: Number(values.long ?? 0),
  };
}
