import type {
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
export interface StoredRun<Step> {
  readonly run: RunRow;
  readonly steps: readonly Step[];
  readonly measured: readonly MeasuredTuple[];
}

/** The runs of a source in pages, with the number, phase and name of each step. */
export function readWithStepNames(source: ReportSource): AsyncGenerator<readonly StoredRun<StepName>[]> {
  return readStored(source, ({ reportRuns }, runId) => reportRuns.listStepNames(runId));
}

/** The runs of a source in pages, with their whole steps. */
export function readWithSteps(source: ReportSource): AsyncGenerator<readonly StoredRun<StepTuple>[]> {
  return readStored(source, ({ reportRuns }, runId) => reportRuns.listStepTuples(runId));
}

/** All reads of a page are one transaction: the locks of each would cost as much as its rows. */
async function* readStored<Step>(
  { database, barePages, yielder }: ReportSource,
  listSteps: (database: ReadableDatabase, runId: string) => readonly Step[],
): AsyncGenerator<readonly StoredRun<Step>[]> {
  const readAll = (runs: readonly RunRow[]): StoredRun<Step>[] => {
    using _ = database.readSnapshot();
    return runs.map((run) => ({
      run,
      steps: listSteps(database, run.runId),
      measured: database.reportRuns.listMeasured(run.runId),
    }));
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
