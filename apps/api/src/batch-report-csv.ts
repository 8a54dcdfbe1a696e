import type { BatchItem } from '@bonafide/contracts';

type Column = readonly [name: string, value: (item: BatchItem) => string | number | boolean | null];

const COLUMNS: readonly Column[] = [
  ['index', ({ index }) => index],
  ['path', ({ path }) => path],
  ['custom_id', ({ custom_id }) => custom_id],
  ['label', ({ label }) => label],
  ['status', ({ status }) => status],
  ['verdict', ({ verdict }) => verdict],
  ['p_fake', ({ p_fake }) => p_fake],
  ['decision', ({ decision }) => decision],
  ['cached', ({ cached }) => cached],
  ['reason', ({ reason }) => reason],
  ['detail', ({ detail }) => detail],
  ['duplicate_of', ({ duplicate_of }) => duplicate_of],
  ['error_code', ({ error }) => error?.code ?? null],
  ['error_message', ({ error }) => error?.message ?? null],
  ['analysis_id', ({ analysis_id }) => analysis_id],
  ['original_id', ({ original }) => original?.analysis_id ?? null],
  ['verdict_before', ({ original }) => original?.verdict ?? null],
  ['p_fake_before', ({ original }) => original?.p_fake ?? null],
  ['model_before', ({ original }) => original?.model_version ?? null],
  ['changed', ({ changed }) => changed],
  ['bytes', ({ bytes }) => bytes],
  ['sha256', ({ sha256 }) => sha256],
  // Behind the others: who reads columns by their number goes on doing so.
  ['partially_cloned', ({ partially_cloned }) => partially_cloned],
];

/** What a spreadsheet would calculate instead of showing (OWASP, CSV Injection). */
const FORMULA = /^[\s\u200b\ufeff]*[=+\-@\t\r\n|%\uff1d\uff0b\uff0d\uff20]/;

/** RFC 4180. */
export function csvHeader(): string {
  return line(COLUMNS.map(([name]) => name));
}

export function csvRow(item: BatchItem): string {
  return line(COLUMNS.map(([, value]) => cell(value(item))));
}

function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const shown = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

const line = (cells: readonly string[]) => `${cells.join(',')}\r\n`;
