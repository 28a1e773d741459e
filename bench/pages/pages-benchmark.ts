import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { YieldFilter } from '#shared/domain/yield/index.ts';
import {
  databaseFile,
  type FixedRunFilter,
  openStationDatabase,
  type WritableDatabase,
} from '../../station/core/database/index.ts';
import {
  FigureCache,
  openFiguresAtOnce,
  readFigures,
  toBatchReport,
  writeFacts,
} from '../../station/results/figures/index.ts';
import { createNodePlatform } from '#station';
import { createAuditTrail, createJournalDigests } from '../../station/core/audit-log/index.ts';
import { countRuns, searchRuns } from '../../station/results/runs/search-runs.ts';
import type { Benchmark, BenchmarkRow } from '../lib/benchmark.ts';
import { NEVER_ABORTED } from '../lib/never-aborted.ts';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { type Child, startChild } from '../lib/child.ts';
import { rounded } from '../lib/statistics.ts';
import { loadPages } from './load-pages.ts';
import { batchIdOf, fillStation, startOf } from './fill-station.ts';

const RUNS = 1_000_000;
const FACT_ROWS = 1_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const CHILD = new URL('./kiosk-child.ts', import.meta.url);
const PAGES = fileURLToPath(new URL('../../out/renderer', import.meta.url));

/** First rows of a list of runs by several filters; figures of a batch; the start of a station. */
export const pagesBenchmark: Benchmark = {
  purpose: 'pages of a station with many runs (--runs N, default 1,000,000)',
  async run(row, log, { runs = RUNS } = {}) {
    const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-pages-'));
    try {
      const database = openStationDatabase(dir);
      try {
        await fill(database, runs, row, log);
        await searches(database, runs, row);
        await figures(database, runs, row);
        // A station enters its records in the audit trail as runs end; without an entry its start would read them all.
        createJournalDigests(database, createAuditTrail(database, createNodePlatform(dir).clock)).append();
      } finally {
        database.close();
      }
      log('the start of the station, and its pages');
      await ensureBundle('pages');
      await station(dir, runs, row);
    } finally {
      rmSync(dir, { recursive: true });
    }
  },
};

type Row = (row: BenchmarkRow) => void;

/** The start of the station in a process of its own, its pages in a real browser, and its memory before and after them. */
async function station(dir: string, runs: number, row: Row): Promise<void> {
  const open = (): Promise<Child<Ready>> => startChild<Ready>(CHILD, [dir, PAGES, batchIdOf(0)]);
  const child = await open();
  const { ms, cpuMs, rssMb, url } = child.ready;
  const fileMb = Math.round(statSync(databaseFile(dir)).size / 1e6);
  const subject = 'gongwei';
  row({ case: 'station ready', subject, runs, ms: rounded(ms, 1), cpuMs: rounded(cpuMs, 1), rssMb: Math.round(rssMb), fileMb }); // prettier-ignore
  for (const load of await loadPages(url, batchIdOf(0)))
    row({ case: load.page, subject: 'page load', runs, ms: rounded(load.ms, 1), workMs: rounded(load.workMs, 1) }); // prettier-ignore
  const used = JSON.parse(await child.close()) as { rssMb: number; maxRssMb: number };
  row({ case: 'station after use', subject, runs, rssMb: Math.round(used.rssMb), maxRssMb: Math.round(used.maxRssMb) }); // prettier-ignore
}

interface Ready {
  readonly ms: number;
  readonly cpuMs: number;
  readonly rssMb: number;
  readonly url: string;
}

/** The facts of a run as a share of what the run itself costs, both without waits for the disk. */
async function fill(
  database: WritableDatabase,
  runs: number,
  row: Row,
  log: (text: string) => void,
): Promise<void> {
  log(`recording ${runs.toLocaleString('en')} runs`);
  const recorded = await timed(() =>
    fillStation(database, runs, (done) => {
      if (done % 100_000 === 0) log(`${done.toLocaleString('en')} runs`);
    }),
  );
  log('writing their facts');
  const written = await timed(() => {
    while (database.runFacts.getProgress() < runs) writeFacts(database, FACT_ROWS);
  });
  const [runCpuUs, factsCpuUs] = [recorded, written].map(({ cpuMs }) => rounded((cpuMs * 1000) / runs));
  row({
    case: 'facts of a run',
    subject: 'gongwei',
    runs,
    runCpuUs: runCpuUs ?? 0,
    factsCpuUs: factsCpuUs ?? 0,
  });
}

async function searches(database: WritableDatabase, runs: number, row: Row): Promise<void> {
  const middle = startOf(Math.floor(runs / 2));
  const filters: readonly (readonly [string, FixedRunFilter])[] = [
    ['no filter', {}],
    ['a serial number', { serialNumber: 'SN00000042' }],
    ['the end of a serial number', { text: '000042' }],
    ['a name that nothing has', { text: 'ZZZZ' }],
    ['an outcome', { outcomes: ['FAIL'] }],
    ['an outcome that nothing has', { outcomes: ['ABORTED'] }],
    ['a failure at a slot', { failureCode: 'limit-exceeded', failureStep: 'radio', slot: 3 }],
    ['an operator in the first batch', { operator: 'Li', batchId: batchIdOf(0) }],
    ['an hour in the middle', { fromAtMs: middle, toAtMs: middle + HOUR_MS }],
    ['everything at once, nothing found', { outcomes: ['FAIL'], slot: 3, operator: 'Wang', batchId: batchIdOf(0), toAtMs: middle, text: 'ZZ' }],
    ['first runs that failed', { first: 'any', outcomes: ['FAIL'] }],
    ['a first tested run that nothing has', { first: 'tested', outcomes: ['ABORTED'] }],
    ['a bar of a histogram, in a batch', { batchId: batchIdOf(0), counted: true, measured: { phase: 'main', step: 'power', name: 'power', at: null, fromValue: 4.9999 } }],
    ['a measured value that is rare, in a batch', { batchId: batchIdOf(0), measured: { phase: 'main', step: 'power', name: 'power', fromValue: 4.9999 } }],
  ]; // prettier-ignore
  for (const [name, filter] of filters) {
    const page = { filter, direction: 'older', cursor: null, limit: 50 } as const;
    const first = await timed(() => searchRuns(database, page, NEVER_ABORTED));
    const count = await timed(() => countRuns(database, filter, 10_000, NEVER_ABORTED));
    row({
      case: name,
      subject: 'first rows',
      runs,
      found: first.result.runs.length,
      ms: first.ms,
      cpuMs: first.cpuMs,
      countCpuMs: count.cpuMs,
    });
  }
}

async function figures(database: WritableDatabase, runs: number, row: Row): Promise<void> {
  const day = Math.ceil(startOf(0) / DAY_MS) * DAY_MS;
  const filters: readonly (readonly [string, YieldFilter])[] = [
    ['the whole batch', {}],
    ['a user', { operator: 'Li' }],
    ['a slot', { slot: 3 }],
    ['a day', { fromMs: day, toMs: day + DAY_MS }],
    ['since a minute of an hour', { fromMs: day + 61_000 }],
    ['without station errors', { stationErrors: false }],
    ['a slot, without station errors', { slot: 3, stationErrors: false }],
  ];
  for (const [name, filter] of filters) {
    const { result, ms, cpuMs } = await timed(() => {
      const source = openFiguresAtOnce(database, batchIdOf(0));
      if (source === null) throw new Error('there is no batch');
      return { source, found: readFigures(source, filter) };
    });
    const report = await timed(() => toBatchReport(result.source, batchIdOf(0), result.found, filter));
    const { units } = result.found.figures;
    row({ case: name, subject: 'figures', runs, units, ms, cpuMs, reportCpuMs: report.cpuMs });
  }
  // What a station does after a run has ended: it looks for facts to write, and publishes the figures of the batch at work.
  const cache = new FigureCache();
  const publish = (): unknown => {
    database.runFacts.getLastReady();
    const source = openFiguresAtOnce(database, batchIdOf(0), cache);
    return source === null ? null : readFigures(source);
  };
  publish();
  const { ms, cpuMs } = await timed(publish);
  row({ case: 'of the batch at work, again', subject: 'figures', runs, ms, cpuMs });
}

/** Wall clock and processor time, which differ on a computer that does other work, too. */
async function timed<T>(
  work: () => T | Promise<T>,
): Promise<{ readonly result: T; readonly ms: number; readonly cpuMs: number }> {
  const [began, cpuBegan] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(cpuBegan);
  return { result, ms: rounded(performance.now() - began, 1), cpuMs: rounded((user + system) / 1000, 1) };
}
