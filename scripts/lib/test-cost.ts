import { relative } from 'node:path';
import { ROOT } from '../setup/run-in-place.mjs';

interface FileCost {
  readonly file: string;
  readonly processorS: number;
  readonly elapsedS: number;
}

const SHOWN = 30;

/** A table of the files that took most processor time, from the lines of tests/file-cost.ts. */
export function describeCost(lines: string): string {
  const costs = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FileCost)
    .toSorted((a, b) => b.processorS - a.processorS);
  const all = costs.reduce((sum, { processorS }) => sum + processorS, 0);
  const rows = costs
    .slice(0, SHOWN)
    .map(({ file, processorS, elapsedS }) => `${cell(processorS)}${cell(elapsedS)}  ${relative(ROOT, file)}`);
  return `${['processor  elapsed, in s', ...rows, `${cell(all)} of ${costs.length} files`].join('\n')}\n`;
}

function cell(seconds: number): string {
  return seconds.toFixed(1).padStart(9);
}
