import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { REPORT_FORMS } from '#shared/contract/index.ts';
import { writeFacts } from '../../station/results/figures/index.ts';
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
import { FORMS, type Form } from './forms.ts';
import { fillBatch } from './fill-batch.ts';
import { startRecordingSlots } from './recording-slots.ts';

const RUNS = 1_000_000;
/** A worksheet of Excel has little more than a million rows, which the measurements fill; a PDF is of a batch that people look at. */
const MOST_RUNS: Readonly<Partial<Record<Form, number>>> = { xlsx: 200_000, pdf: 10_000 };
/** These are recorded as a station does; the others are copies of them. */
const RECORDED_RUNS = 10_000;
const TURNS = 2;
const SLOTS = 16;
const QUIET_MS = 20_000;
const SAMPLE_MS = 20;
const script = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));
const EXPORT_ALONE = fileURLToPath(new URL('./export-alone.ts', import.meta.url));
const execFileAsync = promisify(execFile);

/**
 * A long report by a process of its own, CSV and JSON Lines in turns with a plain Python script on the same database; and by the
 * thread of a station while 16 slots record runs in this process.
 */
export const reportBenchmark: Benchmark = {
  purpose: `${RUNS.toLocaleString('en')} runs (XLSX 200,000, PDF 10,000) with 12 measurements each as a file, also while ${SLOTS} slots record theirs`,
  async run(row, log, { runs = RUNS, forms = FORMS } = {}) {
    // Forms with figures have a station of their own, whose facts are stored.
    const groups: readonly (readonly Form[])[] = [['csv', 'jsonl'], ['xlsx'], ['pdf']];
    for (const group of groups) {
      const wanted = group.filter((form) => forms.includes(form));
      const [form] = wanted;
      if (form === undefined) continue;
      await measureForms(wanted, Math.min(runs, MOST_RUNS[form] ?? runs), row, log);
    }
  },
};

async function measureForms(
  forms: readonly Form[],
  runs: number,
  row: (row: BenchmarkRow) => void,
  log: (text: string) => void,
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-report-'));
  try {
    log(`${forms.join(', ')}: filling the batch with ${runs.toLocaleString('en')} runs`);
    fill(dir, runs, forms);
    const database = openStationDatabase(dir);
    try {
      const hasFigures = forms.some((form) => REPORT_FORMS[form].hasFigures);
      while (hasFigures && database.runFacts.getProgress() < database.runFacts.getLastReady())
        writeFacts(database);
      await measure(database, dir, forms, row, log);
    } finally {
      database.close();
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function fill(dir: string, runs: number, forms: readonly Form[]): void {
  const database = openStationDatabase(dir);
  try {
    fillBatch(database, 'B', Math.min(runs, RECORDED_RUNS));
    for (const batchId of ['line', ...forms]) fillBatch(database, batchId, 0);
  } finally {
    database.close();
  }
  execFileSync('python3', [script('copy-runs.py'), databaseFile(dir), 'B', String(runs)]);
}

async function measure(
  writer: WritableDatabase,
  dir: string,
  forms: readonly Form[],
  row: (row: BenchmarkRow) => void,
  log: (text: string) => void,
): Promise<void> {
  for (const format of forms) {
    for (let turn = 1; turn <= TURNS; turn += 1) {
      log(`${format}, turn ${turn} of ${TURNS}`);
      row({ case: `${format}, alone`, subject: 'gongwei', ...(await byProcess(dir, format)) });
      if (format !== 'csv' && format !== 'jsonl') continue;
      row({ case: `${format}, alone`, subject: 'python', ...(await byPython(dir, format)) });
    }
  }
  if (forms.includes('csv')) {
    log('the count of the batch');
    const began = performance.now();
    await readYield(writer, 'B', { signal: NEVER_ABORTED });
    row({ case: 'count', subject: 'gongwei', ms: Math.round(performance.now() - began) });
  }
  log(`${SLOTS} slots alone, for ${QUIET_MS / 1000} s`);
  const quiet = startRecordingSlots(writer, 'line', SLOTS);
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  row({ case: `line alone, before ${forms.join(', ')}`, subject: 'gongwei', ...lineFigures(await quiet()) });
  for (const format of forms) {
    log(`${format} while ${SLOTS} slots record`);
    // A separate batch, because the numbers of the runs start again.
    const busy = startRecordingSlots(writer, format, SLOTS);
    const figures = await exporting(dir, format);
    row({ case: `${format}, line at work`, subject: 'gongwei', ...figures, ...lineFigures(await busy()) });
  }
}

/** One export with its time, its additional memory, and the greatest size of the write-ahead log. */
async function exporting(dir: string, format: Form): Promise<Record<string, number>> {
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

async function byProcess(dir: string, format: Form): Promise<Record<string, number>> {
  const file = join(dir, `alone.${format}`);
  const { stdout } = await execFileAsync(process.execPath, [EXPORT_ALONE, dir, format, file]);
  rmSync(file);
  const figures = JSON.parse(stdout) as { readonly runs: number; readonly ms: number };
  return { ...figures, perSecond: perSecond(figures) };
}

async function byPython(dir: string, format: Form): Promise<Record<string, number>> {
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
