import { Fault } from '#shared/domain/fault.ts';
import type { ReadableDatabase } from './readable-database.ts';
import type { RunRow } from './runs.ts';

/** The run with this id. Faults: `not-found`. */
export function requireRun(database: ReadableDatabase, runId: string): RunRow {
  const run = database.runs.findById(runId);
  if (run !== null) return run;
  throw new Fault('not-found', `there is no run ${runId}`, { hint: 'Its id is in the report of its batch.' });
}
