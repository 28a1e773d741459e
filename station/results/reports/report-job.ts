import type { HeavyJob } from '../../core/heavy-work/index.ts';
import { openStationDatabaseForReading } from '../../core/database/index.ts';
import { type ReportRequest, subjectOf } from './report-request.ts';
import { type ReportOptions, writeReport, type WrittenReport } from './write-report.ts';

/** What a report is made of. Plain data. */
export interface ReportTask {
  readonly dataDir: string;
  readonly request: ReportRequest;
  readonly file: string;
  readonly options: Omit<ReportOptions, 'signal' | 'onProgress'>;
}

export type ReportProgress = readonly [runs: number, totalRuns: number | null, share: number];

/** Runs between two messages of progress: some milliseconds. */
const RUNS_PER_MESSAGE = 500;

/** `writeReport` with a connection of its own. Faults: those of `writeReport` and of the connection. */
export const REPORT_JOB: HeavyJob<ReportTask, WrittenReport, ReportProgress> = {
  name: 'report',
  // A cancelled one removes its unfinished file.
  isPure: false,
  async run({ dataDir, request, file, options }, { signal, onProgress }) {
    const database = openStationDatabaseForReading(dataDir);
    try {
      return await writeReport(database, subjectOf(database, request), file, {
        ...options,
        signal,
        onProgress(...at) {
          if (at[0] % RUNS_PER_MESSAGE === 0) onProgress(at);
        },
      });
    } finally {
      database.close();
    }
  },
};
