import path from 'node:path';
import { parseArgs } from 'node:util';
import { reportFormatSchema, type ReportFormat } from '@bonafide/contracts';
import { UsageError } from './usage-error';

export const BATCH_USAGE = `Usage: npm run batch -- FOLDER|ARCHIVE [options]

Hands a folder of recordings, or a zip, tar, tar.gz or tar.zst, to a running service and follows the batch to its
end. Stopped half-way (Ctrl-C), the same command goes on where it was.

  --server URL         the service (default: http://127.0.0.1:3000)
  --key KEY            bf_…, where the service asks for one
  --out FILE           the report: .csv, .jsonl or .html
  --label TEXT         echoed with every recording
  --state FILE         what is done so far (default: beside the folder or archive, .bonafide.json)
  --help               this text

Exit status: 0 all analysed, 1 some could not be, 2 wrong use or no service, 130 stopped by Ctrl-C.
`;

export const DEFAULT_SERVER = 'http://127.0.0.1:3000';

export type BatchArguments = {
  target: string;
  server: string;
  key: string | undefined;
  label: string | undefined;
  out: { file: string; format: ReportFormat } | undefined;
  stateFile: string;
};

/** @returns 'help' where that was asked for. @throws UsageError */
export function parseBatchArguments(argv: readonly string[]): BatchArguments | 'help' {
  const { values, positionals } = parsed(argv);
  if (values.help) return 'help';
  if (positionals.length !== 1) throw new UsageError('name one folder or one archive');
  const target = path.resolve(positionals[0]);
  return {
    target,
    server: readServer(values.server ?? DEFAULT_SERVER),
    key: values.key,
    label: values.label,
    out:
      values.out === undefined ? undefined : { file: path.resolve(values.out), format: formatOf(values.out) },
    stateFile: path.resolve(values.state ?? `${target}.bonafide.json`),
  };
}

/** @throws UsageError */
export function readServer(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new UsageError('--server is to be a URL such as http://127.0.0.1:3000');
}

function formatOf(file: string): ReportFormat {
  const format = reportFormatSchema.safeParse(path.extname(file).slice(1).toLowerCase());
  if (!format.success) throw new UsageError('--out is to end in .csv, .jsonl or .html');
  return format.data;
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        server: { type: 'string' },
        key: { type: 'string' },
        out: { type: 'string' },
        label: { type: 'string' },
        state: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
