import { callerNameSchema } from '@bonafide/contracts';
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

/**
 * What a manifest in an archive says about its entries, by path: `path` and `custom_id`, and `label` where there is
 * one. Paths are as in the archive or from where the manifest stands. @throws Error naming what cannot be read
 */
export function parseManifest(path: string, content: Buffer): Record<string, Names> {
  const text = content.toString('utf8').replace(/^\ufeff/, '');
  const rows = /\.csv$/i.test(path) ? parseCsv(text) : parseLines(text);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const names: Record<string, Names> = Object.create(null) as Record<string, Names>;
  for (const row of rows) {
    const target = valueOf(row, PATH_COLUMNS);
    if (target === undefined) continue;
    const said = { custom_id: nameIn(row, ID_COLUMNS), label: nameIn(row, ['label']) };
    names[keyOf(target)] = said;
    if (folder !== '') names[keyOf(folder + target)] = said;
  }
  return names;
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

function parseCsv(text: string): Row[] {
  const [first = ''] = text.split('\n', 1);
  const delimiter = first.includes(';') && !first.includes(',') ? ';' : ',';
  const columns = (header: string[]) => header.map((name) => name.trim().toLowerCase());
  return parse(text, { columns, delimiter, trim: true, skip_empty_lines: true, relax_column_count: true });
}

function parseLines(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Row);
}

function valueOf(row: Row, columns: readonly string[]): string | undefined {
  for (const column of columns) {
    const value = row[column];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}

function nameIn(row: Row, columns: readonly string[]): string | undefined {
  const parsed = callerNameSchema.safeParse(valueOf(row, columns));
  return parsed.success ? parsed.data : undefined;
}
