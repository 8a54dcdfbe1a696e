import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tenantSchema } from '@bonafide/contracts';
import { createRecords, keptFeedback, openStore, readConfig, type KeptFeedback } from '@bonafide/platform';
import { runCommand } from './open-upkeep';
import { UsageError } from './usage-error';

const USAGE = `Hands out the recordings that people labelled and consented to have kept, for training. Works on the store
that the environment names (DATA_DIR, or S3_BUCKET and S3_ENDPOINT), whether or not the service runs.

  npm run --silent feedback -- export --out DIR [--tenant TENANT]

Writes the recordings and manifest.jsonl into DIR: a line each with path, label, generator, source and feedback id.
What was taken back is not among them; export into the same DIR again before every training, and it goes from there
too. A recording that some call real and
others cloned is left out.
`;

const LIST = 'manifest.jsonl';
/** As a line of the list begins: the feedback's id, and an ending. */
const OWN_PATH = /^\{"path":"([0-9a-f-]{36}\.[a-z0-9]{1,5})"/;

type Arguments = { out: string; tenant: string | undefined };

function parseArguments(argv: readonly string[]): Arguments | null {
  const options = {
    out: { type: 'string' },
    tenant: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const parsed = (() => {
    try {
      return parseArgs({ args: [...argv], options, allowPositionals: true });
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  })();
  const { values, positionals } = parsed;
  if (values.help || positionals.length === 0) return null;
  if (positionals.join(' ') !== 'export') throw new UsageError(`not understood: ${positionals.join(' ')}`);
  if (values.out === undefined) throw new UsageError('--out DIR is needed');
  if (values.tenant !== undefined && !tenantSchema.safeParse(values.tenant).success)
    throw new UsageError(`no tenant is called ${values.tenant}`);
  return { out: values.out, tenant: values.tenant };
}

async function main(): Promise<number> {
  const args = parseArguments(process.argv.slice(2));
  if (!args) {
    process.stdout.write(USAGE);
    return 0;
  }
  const store = await openStore(readConfig().store);
  try {
    const { kept, contradicted } = await keptFeedback(createRecords(store), store, args.tenant);
    await mkdir(args.out, { recursive: true });
    const before = await exportedBefore(args.out);
    const lines: string[] = [];
    for (const each of kept) {
      const path = `${each.record.id}.${extensionOf(each)}`;
      const file = join(args.out, path);
      // The store writes over nothing, and what is there may have broken off.
      await rm(file, { force: true });
      if (!(await store.fetch(each.mediaKey, file))) continue;
      before.delete(path);
      lines.push(JSON.stringify({ path, ...described(each) }));
    }
    // What was taken back or has expired since goes from here as well.
    for (const path of before) await rm(join(args.out, path), { force: true });
    await writeFile(join(args.out, LIST), lines.map((line) => `${line}\n`).join(''));
    process.stdout.write(
      `${lines.length} recordings in ${args.out}; ${contradicted} left out as contradicted\n`,
    );
    return 0;
  } finally {
    store.close();
  }
}

/** Files of an earlier export, by its list; other names are not ours to remove. */
async function exportedBefore(folder: string): Promise<Set<string>> {
  const text = await readFile(join(folder, LIST), 'utf8').catch(() => '');
  const paths = text.split('\n').map((line) => OWN_PATH.exec(line)?.[1]);
  return new Set(paths.filter((path) => path !== undefined));
}

/** The decoder looks at the content; the name is for people. */
function extensionOf({ record }: KeptFeedback): string {
  return /\.([A-Za-z0-9]{1,5})$/.exec(record.filename)?.[1].toLowerCase() ?? 'bin';
}

function described({ record }: KeptFeedback) {
  const { id, tenant, label, generator, source, sha256, created_at } = record;
  return { label, generator, source, tenant, sha256, feedback_id: id, said_at: created_at };
}

runCommand('feedback', main, (error) => error instanceof UsageError);
