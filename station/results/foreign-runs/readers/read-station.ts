import { join } from 'node:path';
import type { ReadableDatabase, RunDetails } from '../../../core/database/index.ts';
import { readNames, toRunDocument } from '../../documents/index.ts';
import type { Candidate, ForeignFile } from '../candidate.ts';

const PAGE_RUNS = 50;

/**
 * The runs of a station's database in the order in which they began, with their files.
 *
 * @param filesDir the folder of attachments of that station
 */
export function* readStationRuns(database: ReadableDatabase, filesDir: string): Generator<Candidate> {
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
      if (document === null) yield { line: run.row, unfinished: true };
      else yield { line: run.row, run: document, files: filesOf(database, details, filesDir) };
    }
    const last = runs.at(-1);
    if (last === undefined) return;
    after = last.row;
  }
}

/** The attachments of a run. What a database from outside says is not believed: see `copyFiles`. */
function filesOf(
  { attachments }: ReadableDatabase,
  { run, steps }: RunDetails,
  filesDir: string,
): ForeignFile[] {
  return attachments.listOfRun(run.runId).map(({ stepSeq, removedAtMs, ...row }, index) => {
    const { phase = '', step = '', attempt = 1 } = steps.find(({ seq }) => seq === stepSeq) ?? {};
    const { name, mediaType, bytes, sha256, madeAtMs, madeBy } = row;
    const path = removedAtMs === null && SHA256.test(sha256) ? join(filesDir, sha256) : null;
    return { seq: index + 1, phase, step, attempt, name, mediaType, bytes, sha256, madeAtMs, madeBy, path };
  });
}

const SHA256 = /^[0-9a-f]{64}$/;
