import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openStationDatabase,
  openStationDatabaseForReading,
  type ReadableDatabase,
  type WritableDatabase,
} from '../../station/core/database/index.ts';
import { writeFacts } from '../../station/results/figures/index.ts';
import { writeReport } from '../../station/results/reports/index.ts';
import type { Benchmark } from '../lib/benchmark.ts';
import { NEVER_ABORTED } from '../lib/never-aborted.ts';
import { beginRun, finishRun } from '../report/fill-batch.ts';

const UNITS = 10_000;
const MEASURED = 12;
const RUNS_PER_COMMIT = 500;
const SAMPLE_MS = 5;

/** The report of a large batch as PDF: the first one of a process, which loads pdfkit, and a second one. */
export const pdfBenchmark: Benchmark = {
  purpose: `the report of ${UNITS.toLocaleString('en')} units with ${MEASURED} limited measurements each as PDF`,
  async run(row, log) {
    const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-pdf-'));
    const database = openStationDatabase(dir);
    try {
      log('filling the batch');
      fill(database);
      const reader = openStationDatabaseForReading(dir);
      for (const name of ['first', 'second']) {
        log(name);
        row({
          case: `pdf, ${name}`,
          subject: 'gongwei',
          ...(await measure(reader, join(dir, `${name}.pdf`))),
        });
      }
      reader.close();
    } finally {
      database.close();
      rmSync(dir, { recursive: true });
    }
  },
};

function fill(database: WritableDatabase): void {
  database.transaction(() => {
    database.batches.addRecipe({ hash: 'h', name: 'r', version: '1', source: 'x' }, 1);
    const batch = { batchId: 'B', name: '工单 17', productId: 'P', recipeHash: 'h' };
    database.batches.add({ ...batch, quantity: UNITS, createdAtMs: 1 });
  });
  for (let from = 0; from < UNITS; from += RUNS_PER_COMMIT) {
    database.transaction(() => {
      for (let n = from; n < from + RUNS_PER_COMMIT; n += 1) addUnit(database, n);
    });
    writeFacts(database);
  }
  while (database.runFacts.getProgress() < database.runFacts.getLastReady()) writeFacts(database);
}

function addUnit(database: WritableDatabase, n: number): void {
  const startedAtMs = Date.UTC(2026, 10, 28) + n * 3_000;
  const runId = beginRun(database, 'B', n, startedAtMs);
  const step = {
    seq: 1,
    phase: 'main',
    step: 'measure',
    attempt: 1,
    outcome: 'PASS',
    startedAtMs,
    ms: 900,
  } as const;
  database.runs.addStep(
    runId,
    { ...step, failure: null },
    Array.from({ length: MEASURED }, (_, index) => ({
      name: `电压 ${index}`,
      value: 3.3 + (((n * 7_919 + index * 104_729) % 1_000) / 1_000 - 0.5) * 0.3,
      unit: 'V',
      limits: '3.1 … 3.5 V',
      outcome: 'PASS' as const,
      low: 3.1,
      high: 3.5,
    })),
  );
  finishRun(database, runId, n, startedAtMs + 2_500);
}

/** Time, processor time, memory above the start, and the most processor time in which nothing else could run. */
async function measure(database: ReadableDatabase, file: string): Promise<Record<string, number>> {
  const startBytes = process.memoryUsage.rss();
  let [peakBytes, longestTurnCpuMs, turnAt] = [startBytes, 0, process.threadCpuUsage()];
  const sampler = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    // Of this thread, so that other programs do not count.
    const { user, system } = process.threadCpuUsage(turnAt);
    longestTurnCpuMs = Math.max(longestTurnCpuMs, (user + system) / 1000);
    turnAt = process.threadCpuUsage();
  }, SAMPLE_MS);
  const [beganAtMs, beganCpu] = [performance.now(), process.cpuUsage()];
  try {
    const options = { format: 'pdf', signal: NEVER_ABORTED } as const;
    const { runs, bytes } = await writeReport(database, { kind: 'batch', batchId: 'B' }, file, options);
    const { user, system } = process.cpuUsage(beganCpu);
    return {
      runs,
      ms: Math.round(performance.now() - beganAtMs),
      cpuMs: Math.round((user + system) / 1000),
      fileKb: Math.round(bytes / 1000),
      aboveStartMb: Math.round((peakBytes - startBytes) / 1e6),
      longestTurnCpuMs: Math.round(longestTurnCpuMs),
    };
  } finally {
    clearInterval(sampler);
  }
}
