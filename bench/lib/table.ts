import type { BenchmarkRow } from './benchmark.ts';

/** A table with one column per figure. A missing figure is a dash. */
export function formatTable(rows: readonly BenchmarkRow[]): string {
  const header = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [header, ...rows.map((row) => header.map((name) => show(row[name])))];
  const widths = header.map((_, column) => Math.max(...cells.map((line) => (line[column] ?? '').length)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function show(figure: string | number | undefined): string {
  if (figure === undefined) return '—';
  return typeof figure === 'string' ? figure : figure.toLocaleString('en', { maximumFractionDigits: 2 });
}
