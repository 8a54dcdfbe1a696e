import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Ensemble, ensembleSchema, type Profile, profileSchema } from '@bonafide/contracts';
import { readServer } from './batch-arguments';
import { UsageError } from './usage-error';

export const USAGE = `Usage: npm run --silent analyze -- FILE|DIR… [options]

Analyses recordings on this machine, without a server, or on a running service. Folders are searched for media
files.

  --json               one line of JSON a file, in the order given (default: a table)
  --profile NAME       recall, balanced (default) or precision: the threshold to judge by
  --ensemble NAME      full or classic (default: what the bundle says)
  --models DIR         the bundle, or the folder of bundles (default: MODELS_DIR, ./models)
  --jobs N             files at once (default: one a core)
  --server URL         let this service analyse them, such as http://127.0.0.1:3000
  --key KEY            bf_…, where that service asks for one
  --help               this text

A folder's links to folders are not followed. A file that cannot be read has the code not_readable, which only this
command gives; all others are the service's.

Exit status: 0 all analysed, 1 some could not be, 2 wrong use, no usable bundle, ffmpeg or service.
`;

export type Arguments = {
  targets: string[];
  format: 'json' | 'table';
  profile: Profile | undefined;
  ensemble: Ensemble | undefined;
  modelsDir: string | undefined;
  jobs: number;
  server: string | undefined;
  key: string | undefined;
};

/** @returns 'help' where that was asked for. @throws UsageError */
export function parseArguments(argv: readonly string[]): Arguments | 'help' {
  const { values, positionals } = parsed(argv);
  if (values.help) return 'help';
  if (positionals.length === 0) throw new UsageError('name at least one file or folder');
  const jobs = values.jobs === undefined ? availableParallelism() : Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1) throw new UsageError('--jobs must be a whole number from 1 on');
  return {
    targets: positionals,
    format: values.json ? 'json' : 'table',
    profile: oneOf('--profile', values.profile, profileSchema.options),
    ensemble: oneOf('--ensemble', values.ensemble, ensembleSchema.options),
    modelsDir: values.models,
    jobs,
    server: values.server === undefined ? undefined : readServer(values.server),
    key: values.key,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        profile: { type: 'string' },
        ensemble: { type: 'string' },
        models: { type: 'string' },
        jobs: { type: 'string' },
        server: { type: 'string' },
        key: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function oneOf<T extends string>(
  option: string,
  value: string | undefined,
  allowed: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = allowed.find((name) => name === value);
  if (found === undefined) throw new UsageError(`${option} must be one of ${allowed.join(', ')}`);
  return found;
}
