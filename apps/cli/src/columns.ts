/** Lines of cells under one another, two spaces apart; `toTheRight`: the columns of figures. */
export function inColumns(
  lines: readonly (readonly string[])[],
  { toTheRight = () => false }: { toTheRight?: (column: number) => boolean } = {},
): string {
  const widths = lines[0].map((_cell, column) => Math.max(...lines.map((line) => line[column].length)));
  const pad = (cell: string, column: number) =>
    toTheRight(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]);
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}

/** To the minute, UTC. */
export const minuteOf = (timestamp: string) => timestamp.slice(0, 16).replace('T', ' ');
