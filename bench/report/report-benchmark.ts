import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReportFormat } from '#shared/contract/index.ts';
import { writeReport } from '../../station/results/reports/index.ts';
import {
  openStationDatabase,
  openStationDatabaseForReading,
  type ReadableDatabase,
  type WritableDatabase,
  databaseFile,
} from '../../station/core/database/index.ts';
import { readYield } from '../../station/results/yield/index.ts';
import type { Benchmark, BenchmarkRow } from '../lib/benchmark.ts';
import { NEVER_ABORTED } from '../lib/never-aborted.ts';
import { rounded } from '../lib/statistics.ts';
import { fillBatch } from './fill-batch.ts';
import { startRecordingSlots } from './recording-slots.ts';

const RUNS = 100_000;
const SLOTS = 16;
const QUIET_MS = 4_000;
const SAMPLE_MS = 20;
const PYTHON = fileURLToPath(new URL('./python-export.py', import.meta.url));

/** A long report, alone and while 16 slots record runs, compared with a plain Python script on the same database. */
export const reportBenchmark: Benchmark = {
  purpose: `${RUNS.toLocaleString('en')} runs with 12 measurements each as a file, also while ${SLOTS} slots record theirs`,
  async run(row, log) {
    const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-report-'));
    const database = openStationDatabase(dir);
    try {
      log('filling the batch');
      fillBatch(database, 'B', RUNS);
      fillBatch(database, 'line', 0);
      await measure(database, dir, row, log);
    } finally {
      database.close();
      rmSync(dir, { recursive: true });
    }
  },
};

async function measure(
  writer: WritableDatabase,
  dir: string,
  row: (row: BenchmarkRow) => void,
  log: (text: string) => void,
): Promise<void> {
  const reader = openStationDatabaseForReading(dir);
  const out = (name: string): string => join(dir, name);
  try {
    for (const format of ['csv', 'jsonl'] as const) {
      log(`${format}, alone`);
      row({
        case: `${format}, alone`,
        subject: 'gongwei',
        ...(await exporting(reader, format, out(format), dir)),
      });
    }
    log('the count of the batch');
    const began = performance.now();
    await readYield(reader, 'B', { signal: NEVER_ABORTED });
    row({ case: 'count', subject: 'gongwei', ms: Math.round(performance.now() - began) });

    log(`${SLOTS} slots alone, for ${QUIET_MS / 1000} s`);
    const quiet = startRecordingSlots(writer, 'line', SLOTS);
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    row({ case: 'line, alone', subject: 'gongwei', ...lineFigures(await quiet()) });

    log(`csv while ${SLOTS} slots record`);
    // A separate batch, because the numbers of the runs start again.
    fillBatch(writer, 'line2', 0);
    const busy = startRecordingSlots(writer, 'line2', SLOTS);
    const figures = await exporting(reader, 'csv', out('busy.csv'), dir);
    row({ case: 'csv, line at work', subject: 'gongwei', ...figures, ...lineFigures(await busy()) });

    log('the same table by a plain Python script');
    const printed = execFileSync('python3', [PYTHON, databaseFile(dir), 'B', out('python.csv')], {
      encoding: 'utf8',
    });
    const python = JSON.parse(printed) as { runs: number; ms: number; cpuMs: number; rssMb: number };
    row({
      case: 'csv, alone',
      subject: 'python',
      runs: python.runs,
      ms: python.ms,
      cpuMs: python.cpuMs,
      perSecond: perSecond(python),
      rssMb: python.rssMb,
    });
  } finally {
    reader.close();
  }
}

/** One export with its time, its additional memory, and the greatest size of the write-ahead log. */
async function exporting(
  database: ReadableDatabase,
  format: ReportFormat,
  file: string,
  dir: string,
): Promise<Record<string, number>> {
  const startBytes = process.memoryUsage.rss();
  let [peakBytes, walBytes] = [startBytes, 0];
  const sampler = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    walBytes = Math.max(walBytes, statSync(`${databaseFile(dir)}-wal`).size);
  }, SAMPLE_MS);
  const began = performance.now();
  const beganCpu = process.cpuUsage();
  try {
    const { runs, bytes } = await writeReport(database, { kind: 'batch', batchId: 'B' }, file, {
      format,
      signal: NEVER_ABORTED,
    });
    const ms = Math.round(performance.now() - began);
    return {
      runs,
      ms,
      cpuMs: cpuSince(beganCpu),
      perSecond: perSecond({ runs, ms }),
      fileMb: bytes / 1e6,
      aboveStartMb: (peakBytes - startBytes) / 1e6,
      rssMb: peakBytes / 1e6,
      walMb: walBytes / 1e6,
    };
  } finally {
    clearInterval(sampler);
  }
}

/** CPU time of this process, which does not depend on the load of the machine. */
function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return Math.round((user + system) / 1000);
}

function perSecond({ runs, ms }: { runs: number; ms: number }): number {
  return Math.round((runs / ms) * 1000);
}

/** The figures of the recording slots, as columns of a row. */
function lineFigures(figures: object): Record<string, number> {
  const entries = Object.entries(figures) as [string, number][];
  return Object.fromEntries(entries.map(([name, value]) => [`line.${name}`, rounded(value)]));
}
