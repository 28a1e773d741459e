import { existsSync } from 'node:fs';
import { findRecordings, readRecording, type Recording } from '#station';
import { type CommonOptions, dataDirOf } from '../../command.ts';
import { findRun } from '../../lookup/run.ts';
import { withDatabase } from '../../with-station.ts';

/**
 * The recordings of a file, or of a run of this station (see `findRun`); a run that was resumed after a crash has more than
 * one recording. Faults: those of `findRun`, `not-found` without a station, `file-missing`, `bad-input`.
 *
 * @param note receives a message when the run was found by its unit
 */
export async function recordingsOf(
  run: string,
  options: CommonOptions,
  note: (text: string) => void,
): Promise<Recording[]> {
  return (await filesOf(run, options, note)).map(readRecording);
}

async function filesOf(
  run: string,
  options: CommonOptions,
  note: (text: string) => void,
): Promise<readonly string[]> {
  if (existsSync(run)) return [run];
  const dataDir = dataDirOf(options);
  // A complete id is the file name: the recording is read without the database, also without a station.
  const named = /^[0-9a-f-]{36}$/.test(run) ? recordingsNamed(dataDir, run) : null;
  if (named !== null) return named;
  const found = await withDatabase(options, (database) => findRun(database, run));
  const { runId } = found.run;
  if (found.earlier > 0) {
    note(`${run}: its last run ${runId}; ${found.earlier} earlier: "recording list --serial ${run}"`);
  }
  return findRecordings(dataDir, runId);
}

function recordingsNamed(dataDir: string, runId: string): readonly string[] | null {
  try {
    return findRecordings(dataDir, runId);
  } catch {
    return null;
  }
}
