/** One line of the table, and of results.json. */
export type Figure = {
  what: string;
  value: number;
  unit: string;
  /** What it is to be: at least, or at most so much. */
  atLeast?: number;
  atMost?: number;
};

/** A part's outcome: its lines, and whatever else is worth keeping. */
export type PartResult = { figures: Figure[]; details?: unknown };

export function isReached({ value, atLeast, atMost }: Figure): boolean | undefined {
  if (atLeast === undefined && atMost === undefined) return undefined;
  return value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity);
}

export function targetOf({ atLeast, atMost }: Figure): string {
  if (atLeast !== undefined) return `≥ ${readable(atLeast)}`;
  return atMost === undefined ? '' : `≤ ${readable(atMost)}`;
}

export function readable(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

/** A table that is read both in a terminal and as Markdown. */
export function tableOf(figures: readonly Figure[]): string {
  const mark = (figure: Figure) => ({ true: 'yes', false: '**no**', undefined: '' })[`${isReached(figure)}`];
  const rows = figures.map((figure) => [
    figure.what,
    `${readable(figure.value)} ${figure.unit}`.trim(),
    targetOf(figure),
    mark(figure),
  ]);
  const all = [['what', 'measured', 'wanted', 'reached'], ...rows];
  const widths = all[0].map((_head, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(all[0]), rule, ...rows.map(line)].join('\n');
}
