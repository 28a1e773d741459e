import type {
  MarkedTuple,
  MeasuredTuple,
  ReadableDatabase,
  RunRow,
  StepName,
  StepTuple,
} from '../../core/database/index.ts';
import type { ReportSource } from './report-form.ts';

/** Runs of which steps and measurements are read at once: less than a millisecond. */
const RUNS_AT_ONCE = 50;

/** A run with its steps and measurements as they are stored, which most forms copy. */
export interface StoredRun<Step, Measured = MeasuredTuple> {
  readonly run: RunRow;
  readonly steps: readonly Step[];
  readonly measured: readonly Measured[];
}

/** The runs of a source in pages, with the number, phase and name of each step. */
export function readWithStepNames(source: ReportSource): AsyncGenerator<readonly StoredRun<StepName>[]> {
  return readStored(source, ({ reportRuns }, runId) => ({
    steps: reportRuns.listStepNames(runId),
    measured: reportRuns.listMeasured(runId),
  }));
}

/** The runs of a source in pages, with their whole steps and measurements. */
export function readWithSteps(
  source: ReportSource,
): AsyncGenerator<readonly StoredRun<StepTuple, MarkedTuple>[]> {
  return readStored(source, ({ reportRuns }, runId) => ({
    steps: reportRuns.listStepTuples(runId),
    measured: reportRuns.listMarked(runId),
  }));
}

/** All reads of a page are one transaction: the locks of each would cost as much as its rows. */
async function* readStored<Step, Measured>(
  { database, barePages, yielder }: ReportSource,
  read: (database: ReadableDatabase, runId: string) => Omit<StoredRun<Step, Measured>, 'run'>,
): AsyncGenerator<readonly StoredRun<Step, Measured>[]> {
  const readAll = (runs: readonly RunRow[]): StoredRun<Step, Measured>[] => {
    using _ = database.readSnapshot();
    return runs.map((run) => ({ run, ...read(database, run.runId) }));
  };
  for await (const page of barePages()) {
    for (let from = 0; from < page.length; from += RUNS_AT_ONCE) {
      const runs = readAll(page.slice(from, from + RUNS_AT_ONCE));
      yield runs;
      await yielder.afterRows(
        runs.reduce((rows, { steps, measured }) => rows + steps.length + measured.length, 0),
      );
    }
  }
}
