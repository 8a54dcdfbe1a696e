import { callerNameSchema, MAX_CALLER_NAME } from '@bonafide/contracts';
import { parse } from 'csv-parse/sync';

export type Names = { custom_id?: string; label?: string };

/** At the top of the archive, or of the one folder that people put everything in. */
const MANIFEST = /^([^/]+\/)?manifest\.(csv|jsonl)$/i;
export const MAX_MANIFEST_BYTES = 64 * 1024 ** 2;

const PATH_COLUMNS = ['path', 'file', 'filename', 'file_name'];
const ID_COLUMNS = ['custom_id', 'id'];

export function isManifest(path: string): boolean {
  return MANIFEST.test(path);
}

/** `fault` says which line is the first that cannot be read; the others count. */
export type Manifest = { names: Record<string, Names>; fault?: string };

/**
 * What a manifest in an archive says about its entries, by path: `path` and `custom_id`, and `label` where there is
 * one. Paths are as in the archive or from where the manifest stands.
 */
export function parseManifest(path: string, content: Buffer): Manifest {
  const text = content.toString('utf8').replace(/^\ufeff/, '');
  const { rows, fault } = /\.csv$/i.test(path) ? parseCsv(text) : parseLines(text);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const names: Record<string, Names> = Object.create(null) as Record<string, Names>;
  let unnamed: string | undefined;
  for (const row of rows) {
    const target = valueOf(row, PATH_COLUMNS);
    if (target === undefined) continue;
    const said = { custom_id: nameIn(row, ID_COLUMNS), label: nameIn(row, ['label']) };
    if (isLost(row, ID_COLUMNS, said.custom_id) || isLost(row, ['label'], said.label)) {
      unnamed ??= `the name for ${target} has more than ${MAX_CALLER_NAME} characters, or some of control`;
    }
    names[keyOf(target)] = said;
    if (folder !== '') names[keyOf(folder + target)] = said;
  }
  return { names, fault: fault ?? unnamed };
}

export function nameOf(names: Record<string, Names>, path: string): Names {
  const key = keyOf(path);
  return Object.hasOwn(names, key) ? names[key] : {};
}

/** macOS decomposes what other systems compose; people type slashes in many ways. */
function keyOf(path: string): string {
  return path
    .normalize('NFC')
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '');
}

type Row = Record<string, unknown>;
type Rows = { rows: Row[]; fault?: string };

function parseCsv(text: string): Rows {
  const [first = ''] = text.split('\n', 1);
  const delimiter = first.includes(';') && !first.includes(',') ? ';' : ',';
  const columns = (header: string[]) => header.map((name) => name.trim().toLowerCase());
  let fault: string | undefined;
  const options = { columns, delimiter, trim: true, skip_empty_lines: true, relax_column_count: true };
  const skipping = {
    skip_records_with_error: true,
    on_skip: (error?: Error) => void (fault ??= error?.message),
  };
  try {
    const rows = parse<Row>(text, { ...options, ...skipping });
    return { rows, fault };
  } catch (error) {
    return { rows: [], fault: (error as Error).message };
  }
}

function parseLines(text: string): Rows {
  const rows: Row[] = [];
  let fault: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const row = parseObject(line);
    if (row) rows.push(row);
    else fault ??= `line ${index + 1} is no JSON object`;
  }
  return { rows, fault };
}

function parseObject(line: string): Row | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Row) : null;
  } catch {
    return null;
  }
}

function valueOf(row: Row, columns: readonly string[]): string | undefined {
  for (const column of columns) {
    const value = row[column];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}

/** Whether the row names what cannot be taken as a name. */
function isLost(row: Row, columns: readonly string[], taken: string | undefined): boolean {
  return taken === undefined && valueOf(row, columns) !== undefined;
}

function nameIn(row: Row, columns: readonly string[]): string | undefined {
  const parsed = callerNameSchema.safeParse(valueOf(row, columns));
  return parsed.success ? parsed.data : undefined;
}
