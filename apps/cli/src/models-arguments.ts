import { parseArgs } from 'node:util';
import { bundleVersionSchema } from '@bonafide/contracts';
import { UsageError } from './usage-error';

export const USAGE = `Which bundle of models answers. Works on the store that the environment names (DATA_DIR, or S3_BUCKET and
S3_ENDPOINT) and on MODELS_DIR, whether or not the service runs; one that runs takes a change up within seconds.

  npm run models -- list                        all bundles, what serves, who runs it, the latest changes
  npm run models -- show VERSION                one bundle
  npm run models -- add FOLDER                  put a bundle into the store, for every machine to find
  npm run models -- activate VERSION            have it answer from now on
  npm run models -- rollback                    go back to the one before; also ends a canary
  npm run models -- shadow VERSION|off          have it score live traffic without answering
  npm run models -- canary VERSION SHARE|off    have it answer a share of the analyses, such as 0.1
  npm run models -- compare [VERSION [WITH]]    on live traffic and in the evaluations; without versions the
                                                active one and its shadow

A bundle is loaded and checked before anything changes: hashes, shapes, features, and what its members answer to
the samples in its manifest. One that fails is refused, and what serves goes on.

  --json   answer in JSON
`;

export type Arguments =
  | { command: 'help' }
  | { command: 'list'; isJson: boolean }
  | { command: 'rollback'; isJson: boolean }
  | { command: 'show'; version: string; isJson: boolean }
  | { command: 'activate'; version: string; isJson: boolean }
  | { command: 'add'; folder: string; isJson: boolean }
  | { command: 'shadow'; version: string | null; isJson: boolean }
  | { command: 'canary'; version: string | null; share: number; isJson: boolean }
  | { command: 'compare'; version?: string; with?: string; isJson: boolean };

const OPTIONS = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @throws UsageError */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  const [command, first, second, ...rest] = positionals;
  const isJson = values.json;
  if (values.help || command === undefined) return { command: 'help' };
  const count = positionals.length - 1;
  if (rest.length > 0) throw notUnderstood(positionals);
  if ((command === 'list' || command === 'rollback') && count === 0) return { command, isJson };
  if ((command === 'show' || command === 'activate') && count === 1) {
    return { command, version: readVersion(first), isJson };
  }
  if (command === 'add' && count === 1) return { command, folder: first, isJson };
  if (command === 'shadow' && count === 1) return { command, version: versionOrOff(first), isJson };
  if (command === 'canary' && count === 1 && first === 'off') {
    return { command, version: null, share: 0, isJson };
  }
  if (command === 'canary' && count === 2) {
    return { command, version: readVersion(first), share: readShare(second), isJson };
  }
  if (command !== 'compare') throw notUnderstood(positionals);
  const named = [first, second].map((text: string | undefined) => text && readVersion(text));
  return { command, version: named[0], with: named[1], isJson };
}

const notUnderstood = (words: readonly string[]) =>
  new UsageError(`not understood: ${words.join(' ')}\n\n${USAGE}`);
const versionOrOff = (text: string) => (text === 'off' ? null : readVersion(text));

function readVersion(text: string): string {
  const version = bundleVersionSchema.safeParse(text);
  if (!version.success) throw new UsageError(`${text} cannot be the version of a bundle`);
  return version.data;
}

function readShare(text: string): number {
  const share = Number(text);
  if (share > 0 && share <= 1) return share;
  throw new UsageError(`${text} is no share: more than 0, at most 1`);
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
