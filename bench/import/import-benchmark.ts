import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark } from '../lib/benchmark.ts';
import { nameOf, PRODUCT } from '../lib/sample-runs.ts';
import { median, rounded } from '../lib/statistics.ts';

const ROWS = 100_000;
const ROUNDS = 3;
const CHILD = fileURLToPath(new URL('./import-child.ts', import.meta.url));

interface Round {
  readonly added: number;
  readonly ms: number;
  readonly longestMs: number;
  readonly aboveStartMb: number;
}

/** Imports a CSV of triples into an empty pool. Each round is a process of its own. */
export const importBenchmark: Benchmark = {
  purpose: `${ROWS.toLocaleString('en')} triples of a CSV into the pool, ${ROUNDS} rounds, medians`,
  async run(row, log) {
    const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-import-'));
    try {
      const file = join(dir, 'triples.csv');
      writeTriples(file);
      const rounds = Array.from({ length: ROUNDS }, (_, n): Round => {
        log(`round ${n + 1} of ${ROUNDS}`);
        const output = execFileSync(process.execPath, [CHILD, join(dir, `station-${n}`), file], {
          encoding: 'utf8',
        });
        return JSON.parse(output) as Round;
      });
      if (rounds.some(({ added }) => added !== ROWS)) throw new Error('an import did not take every row');
      row({
        case: `${ROWS} rows`,
        subject: 'gongwei',
        rows: ROWS,
        medianMs: rounded(median(rounds.map(({ ms }) => ms)), 0),
        perSecond: rounded((ROWS / median(rounds.map(({ ms }) => ms))) * 1000, 0),
        // Additional memory, without that of the station and the runtime.
        rssMb: rounded(Math.max(...rounds.map(({ aboveStartMb }) => aboveStartMb)), 0),
        longestStepMs: rounded(median(rounds.map(({ longestMs }) => longestMs)), 0),
      });
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  },
};

function writeTriples(file: string): void {
  const fd = openSync(file, 'w');
  try {
    writeSync(fd, 'ProductId,DeviceName,DeviceSecret\n');
    for (let from = 0; from < ROWS; from += 1000) {
      const lines = Array.from(
        { length: 1000 },
        (_, n) => `${PRODUCT},${nameOf(from + n)},${randomBytes(16).toString('base64')}\n`,
      );
      writeSync(fd, lines.join(''));
    }
  } finally {
    closeSync(fd);
  }
}
