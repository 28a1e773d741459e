import { existsSync } from 'node:fs';
import { findRecordings, readRecording, type Recording } from '#station';
import { type CommonOptions, dataDirOf } from '../../command.ts';
import { findRun } from '../../lookup/run.ts';
import { withDatabase } from '../../with-station.ts';

/**
 * A file wherever it came from, or a run of this station as `findRun` finds it; a run that was taken up again after a
 * crash has more than one recording. Faults: those of `findRun`, `not-found` where no station is, `file-missing`,
 * `bad-input`.
 *
 * @param note told of a run that was found by its unit, in words.
 */
export async function recordingsOf(
  run: string,
  options: CommonOptions,
  note: (words: string) => void,
): Promise<Recording[]> {
  return (await filesOf(run, options, note)).map(readRecording);
}

async function filesOf(
  run: string,
  options: CommonOptions,
  note: (words: string) => void,
): Promise<readonly string[]> {
  if (existsSync(run)) return [run];
  const dataDir = dataDirOf(options);
  // A whole id names its file: the recording is read without opening the database, also from a folder without a station.
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
