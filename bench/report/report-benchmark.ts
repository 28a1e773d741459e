import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { createReportWriter } from '../../station/results/reports/index.ts';
import {
  databaseFile,
  openStationDatabase,
  type WritableDatabase,
} from '../../station/core/database/index.ts';
import { readYield } from '../../station/results/yield/index.ts';
import type { Benchmark, BenchmarkRow } from '../lib/benchmark.ts';
import { NEVER_ABORTED } from '../lib/never-aborted.ts';
import { rounded } from '../lib/statistics.ts';
import { fillBatch } from './fill-batch.ts';
import { startRecordingSlots } from './recording-slots.ts';

const RUNS = 1_000_000;
/** These are recorded as a station does; the others are copies of them. */
const RECORDED_RUNS = 10_000;
const TURNS = 2;
const SLOTS = 16;
const QUIET_MS = 20_000;
const SAMPLE_MS = 20;
const FORMATS = ['csv', 'jsonl'] as const;
type Format = (typeof FORMATS)[number];
const script = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));
const EXPORT_ALONE = fileURLToPath(new URL('./export-alone.ts', import.meta.url));
const execFileAsync = promisify(execFile);

/**
 * A long report by a process of its own, in turns with a plain Python script on the same database; and by the thread of a station
 * while 16 slots record runs in this process.
 */
export const reportBenchmark: Benchmark = {
  purpose: `${RUNS.toLocaleString('en')} runs with 12 measurements each as a file, also while ${SLOTS} slots record theirs`,
  async run(row, log, { runs = RUNS } = {}) {
    const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-report-'));
    try {
      log(`filling the batch with ${runs.toLocaleString('en')} runs`);
      fill(dir, runs);
      const database = openStationDatabase(dir);
      try {
        await measure(database, dir, row, log);
      } finally {
        database.close();
      }
    } finally {
      rmSync(dir, { recursive: true });
    }
  },
};

function fill(dir: string, runs: number): void {
  const database = openStationDatabase(dir);
  try {
    fillBatch(database, 'B', Math.min(runs, RECORDED_RUNS));
    for (const batchId of ['line', ...FORMATS]) fillBatch(database, batchId, 0);
  } finally {
    database.close();
  }
  execFileSync('python3', [script('copy-runs.py'), databaseFile(dir), 'B', String(runs)]);
}

async function measure(
  writer: WritableDatabase,
  dir: string,
  row: (row: BenchmarkRow) => void,
  log: (text: string) => void,
): Promise<void> {
  for (const format of FORMATS) {
    for (let turn = 1; turn <= TURNS; turn += 1) {
      log(`${format}, turn ${turn} of ${TURNS}`);
      row({ case: `${format}, alone`, subject: 'gongwei', ...(await byProcess(dir, format)) });
      row({ case: `${format}, alone`, subject: 'python', ...(await byPython(dir, format)) });
    }
  }
  log('the count of the batch');
  const began = performance.now();
  await readYield(writer, 'B', { signal: NEVER_ABORTED });
  row({ case: 'count', subject: 'gongwei', ms: Math.round(performance.now() - began) });

  log(`${SLOTS} slots alone, for ${QUIET_MS / 1000} s`);
  const quiet = startRecordingSlots(writer, 'line', SLOTS);
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  row({ case: 'line, alone', subject: 'gongwei', ...lineFigures(await quiet()) });
  for (const format of FORMATS) {
    log(`${format} while ${SLOTS} slots record`);
    // A separate batch, because the numbers of the runs start again.
    const busy = startRecordingSlots(writer, format, SLOTS);
    const figures = await exporting(dir, format);
    row({ case: `${format}, line at work`, subject: 'gongwei', ...figures, ...lineFigures(await busy()) });
  }
}

/** One export with its time, its additional memory, and the greatest size of the write-ahead log. */
async function exporting(dir: string, format: Format): Promise<Record<string, number>> {
  const reports = createReportWriter(dir);
  const file = join(dir, `ours.${format}`);
  const wal = `${databaseFile(dir)}-wal`;
  const startBytes = process.memoryUsage.rss();
  let [peakBytes, walBytes] = [startBytes, 0];
  const sampler = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    walBytes = Math.max(walBytes, statSync(wal, { throwIfNoEntry: false })?.size ?? 0);
  }, SAMPLE_MS);
  const began = performance.now();
  const beganCpu = process.cpuUsage();
  try {
    const options = { format, signal: NEVER_ABORTED };
    const { runs, bytes } = await reports.write({ kind: 'batch', batchId: 'B' }, file, options);
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
    await reports.close();
    rmSync(file, { force: true });
  }
}

async function byProcess(dir: string, format: Format): Promise<Record<string, number>> {
  const file = join(dir, `alone.${format}`);
  const { stdout } = await execFileAsync(process.execPath, [EXPORT_ALONE, dir, format, file]);
  rmSync(file);
  const figures = JSON.parse(stdout) as { readonly runs: number; readonly ms: number };
  return { ...figures, perSecond: perSecond(figures) };
}

async function byPython(dir: string, format: Format): Promise<Record<string, number>> {
  const file = join(dir, `python.${format}`);
  const args = [script('python-export.py'), databaseFile(dir), 'B', file, format];
  const { stdout } = await execFileAsync('python3', args);
  const figures = JSON.parse(stdout) as { runs: number; ms: number; cpuMs: number; rssMb: number };
  const { runs, ms, cpuMs, rssMb } = figures;
  const fileMb = statSync(file).size / 1e6;
  rmSync(file);
  return { runs, ms, cpuMs, perSecond: perSecond({ runs, ms }), fileMb, rssMb };
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
