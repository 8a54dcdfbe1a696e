import { CodedError, type CreatedKey } from '@bonafide/contracts';
import {
  ConfigError,
  createKey,
  createRecords,
  listKeys,
  openStore,
  readConfig,
  revokeKey,
  type Records,
} from '@bonafide/platform';
import { parseArguments, USAGE, UsageError, type Arguments } from './keys-arguments';
import { keysTable } from './keys-table';

const print = (text: string) => process.stdout.write(`${text}\n`);
const remark = (text: string) => process.stderr.write(`${text}\n`);

async function main(argv: readonly string[]): Promise<number> {
  const args = parseArguments(argv);
  if (args.command === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const store = await openStore(readConfig().store);
  try {
    return await perform(createRecords(store), args);
  } finally {
    store.close();
  }
}

async function perform(records: Records, args: Exclude<Arguments, { command: 'help' }>): Promise<number> {
  if (args.command === 'create') {
    const key = await createKey(records, args);
    if (args.isJson) print(JSON.stringify(key));
    else showNew(key);
    return 0;
  }
  if (args.command === 'list') {
    const keys = await listKeys(records);
    print(args.isJson ? JSON.stringify(keys) : keysTable(keys));
    return 0;
  }
  const key = await revokeKey(records, args.id.toLowerCase());
  if (!key) {
    remark(`keys: there is no key ${args.id}`);
    return 1;
  }
  print(args.isJson ? JSON.stringify(key) : `Revoked: ${key.name} (${key.prefix}) of tenant ${key.tenant}`);
  return 0;
}

/** The key alone on standard output, so that a script can take it from there. */
function showNew({ key, id, name, tenant, scopes, expires_at }: CreatedKey): void {
  print(key);
  remark(
    `Key "${name}" of tenant ${tenant}: ${scopes.join(', ')}; ${expires_at ? `until ${expires_at}` : 'does not expire'}.`,
  );
  remark(`It is not shown again. To end it: npm run keys -- revoke ${id}`);
}

main(process.argv.slice(2)).then(
  (exit) => (process.exitCode = exit),
  (error: Error) => {
    const isExpected = [UsageError, ConfigError, CodedError].some((kind) => error instanceof kind);
    remark(`keys: ${isExpected ? error.message : error.stack}`);
    if (error instanceof UsageError) remark(`\n${USAGE}`);
    process.exitCode = 2;
  },
);
