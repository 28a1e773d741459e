import { createYielder } from '#node-kit/async/index.ts';
import {
  FROM_THE_START,
  type FixedRunFilter,
  type ReadableDatabase,
  type RunDetails,
  type RunPosition,
  type RunRow,
} from '../../core/database/index.ts';
import type { ReportSource, ReportSubject } from './report-form.ts';

/** Runs per query: a short read, with few queries. */
const PAGE_RUNS = 50;
const LISTED_RUNS = 200;

/** The records of a report as they are now. Reads nothing but their extent. */
export function createReportSource(
  database: ReadableDatabase,
  subject: ReportSubject,
  {
    csv,
    processCode,
    pdf,
    signal,
    onRun,
    onRead,
  }: Pick<ReportSource, 'csv' | 'pdf' | 'signal' | 'onRun'> & {
    readonly processCode?: number | undefined;
    readonly onRead: (runs: readonly RunRow[]) => void;
  },
): ReportSource {
  const yielder = createYielder(signal);
  const { totalRuns, until, bare, shareOf } = extentOf(database, subject);

  async function* barePages(): AsyncGenerator<readonly RunRow[]> {
    for (const page of bare()) {
      onRead(page);
      yield page;
      await yielder.afterRows(page.length * 10);
    }
  }

  async function* pages(): AsyncGenerator<readonly RunDetails[]> {
    for (const page of bare()) {
      onRead(page);
      for (let from = 0; from < page.length; from += PAGE_RUNS) {
        const details = readDetails(database, page.slice(from, from + PAGE_RUNS));
        yield details;
        const rows = details.reduce((sum, one) => sum + 1 + one.steps.length + one.measurements.length, 0);
        await yielder.afterRows(rows);
      }
    }
  }
  return {
    subject,
    database,
    totalRuns,
    shareOf,
    until,
    pages,
    barePages,
    csv,
    processCode,
    pdf,
    yielder,
    onRun,
    signal,
  };
}

/** In one transaction, because the locks of each read cost as much as its rows. */
function readDetails(database: ReadableDatabase, runs: readonly RunRow[]): RunDetails[] {
  using _ = database.readSnapshot();
  return runs.map((run) => database.reportRuns.getDetails(run));
}

interface SubjectExtent {
  readonly totalRuns: number | null;
  readonly until: number;
  readonly bare: () => Generator<RunRow[]>;
  readonly shareOf: (runs: number) => number;
}

function extentOf(database: ReadableDatabase, subject: ReportSubject): SubjectExtent {
  switch (subject.kind) {
    case 'batch': {
      const { runs, until } = database.reportRuns.getExtent(subject.batchId);
      const bare = () => ofBatch(database, subject.batchId, until);
      return { totalRuns: runs, until, bare, shareOf: partOf(runs) };
    }
    case 'runs': {
      const end = database.runSearch.getLastRow() + 1;
      // Rows are read from the newest to the oldest; to count those that match first would cost as much.
      let before = end;
      const bare = () => found(database, subject.filter, end, (row) => (before = row));
      return { totalRuns: null, until: 0, bare, shareOf: () => 1 - before / end };
    }
    case 'run':
      return { totalRuns: 1, until: 0, bare: () => byIds(database, [subject.runId]), shareOf: partOf(1) };
    case 'unit': {
      const { runIds } = subject;
      const bare = () => byIds(database, runIds);
      return { totalRuns: runIds.length, until: 0, bare, shareOf: partOf(runIds.length) };
    }
  }
}

const partOf =
  (total: number) =>
  (runs: number): number =>
    total === 0 ? 1 : runs / total;

function* ofBatch(database: ReadableDatabase, batchId: string, until: number): Generator<RunRow[]> {
  let after: RunPosition = FROM_THE_START;
  for (;;) {
    const page = database.reportRuns.listPage(batchId, after, until, PAGE_RUNS);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last;
  }
}

function* found(
  database: ReadableDatabase,
  filter: FixedRunFilter,
  end: number,
  onRow: (row: number) => void,
): Generator<RunRow[]> {
  let before = end;
  for (;;) {
    const page = database.runSearch.find({ filter, before, limit: LISTED_RUNS });
    const last = page.at(-1);
    if (last === undefined) return;
    onRow(last.row);
    yield page;
    before = last.row;
  }
}

function* byIds(database: ReadableDatabase, runIds: readonly string[]): Generator<RunRow[]> {
  for (let from = 0; from < runIds.length; from += PAGE_RUNS) {
    const page = runIds.slice(from, from + PAGE_RUNS).map((runId) => database.runs.findById(runId));
    yield page.filter((run) => run !== null);
  }
}
