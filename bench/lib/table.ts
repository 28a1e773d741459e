import type { BenchRow } from './benchmark.ts';

/** Rows under the names of their figures; a figure that a row has not is a dash. */
export function benchTable(rows: readonly BenchRow[]): string {
  const header = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [header, ...rows.map((row) => header.map((name) => show(row[name])))];
  const widths = header.map((_, at) => Math.max(...cells.map((line) => (line[at] ?? '').length)));
  return cells
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function show(figure: string | number | undefined): string {
  if (figure === undefined) return '—';
  return typeof figure === 'string' ? figure : figure.toLocaleString('en', { maximumFractionDigits: 2 });
}
