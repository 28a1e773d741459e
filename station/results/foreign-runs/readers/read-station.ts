import type { ReadableDatabase } from '../../../core/database/index.ts';
import { readNames, toRunDocument } from '../../documents/index.ts';
import type { Candidate } from '../candidate.ts';

const PAGE_RUNS = 50;

/** The runs of a station's database in the order in which they began. */
export function* readStationRuns(database: ReadableDatabase): Generator<Candidate> {
  const names = readNames(database);
  for (let after = 0; ;) {
    const page = database.runSearch.find({ after, end: 'oldest', limit: PAGE_RUNS });
    // A page is ordered from the newest to the oldest.
    const runs = [...page].sort((a, b) => a.row - b.row);
    for (const run of runs) {
      const details = {
        run,
        steps: database.runs.listSteps(run.runId),
        measurements: database.runs.listMeasurements(run.runId),
      };
      const document = toRunDocument(details, names);
      yield document === null ? { line: run.row, unfinished: true } : { line: run.row, run: document };
    }
    const last = runs.at(-1);
    if (last === undefined) return;
    after = last.row;
  }
}
