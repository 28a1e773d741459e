import { readBeside } from '#node-kit/sqlite/index.ts';
import { asStationDatabaseFault } from '../database-fault.ts';
import { JOURNAL } from './covered-tables.ts';
import { RUN } from './run-digest.ts';

/**
 * The digest of a run as it was recorded when the run ended, in lower-case hex; null without one. The journal has no index by
 * key, so that a large one is read in a thread of its own. Faults: those of SQLite, the signal's reason.
 */
export async function readRunDigest(
  file: string,
  runId: string,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    await using reader = readBeside(file, signal);
    const sql = `SELECT lower(hex(digest)) AS digest FROM ${JOURNAL} WHERE tbl = ? AND key = ? ORDER BY seq DESC LIMIT 1`;
    const [row] = await reader.all<{ digest: string }>(sql, RUN, runId);
    return row === undefined || row.digest === '' ? null : row.digest;
  } catch (error) {
    throw asStationDatabaseFault(error, file);
  }
}
