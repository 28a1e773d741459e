/** The program of the thread that writes a report (`report-thread.ts`). */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { hostSystem } from '#node-kit/host-system/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { openStationDatabaseForReading } from '../../core/database/index.ts';
import { subjectOf } from './report-request.ts';
import type { ThreadMessage, ThreadTask } from './report-thread.ts';
import { writeReport } from './write-report.ts';

/** Runs between two messages of progress: some milliseconds. */
const RUNS_PER_MESSAGE = 500;
/** The slots come first, where there is not a processor for each. */
const NICENESS = 10;

const { dataDir, request, file, options } = workerData as ThreadTask;
const say = (message: ThreadMessage): void => parentPort?.postMessage(message);
const cancelling = new AbortController();
parentPort?.on('message', () => cancelling.abort(new Fault('cancelled', 'the report was cancelled')));
// On Linux 0 is this thread; elsewhere it would be the whole station.
if (hostSystem().kind === 'linux') setPriority(0, NICENESS);

say({ kind: 'begun' });
try {
  const database = openStationDatabaseForReading(dataDir);
  try {
    const written = await writeReport(database, subjectOf(database, request), file, {
      ...options,
      signal: cancelling.signal,
      onProgress(...at) {
        if (at[0] % RUNS_PER_MESSAGE === 0) say({ kind: 'progress', at });
      },
    });
    say({ kind: 'written', written });
  } finally {
    database.close();
  }
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  say({ kind: 'fault', fault: error.toView() });
}
parentPort?.close();
