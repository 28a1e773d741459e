import { createBackgroundReader } from '../../core/background-reads/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { findThreadProgram, runInThread, ThreadNotStarted } from '../../core/heavy-work/index.ts';
import { FORMS } from './forms/index.ts';
import { type ReportRequest, subjectOf } from './report-request.ts';
import { REPORT_JOB } from './report-job.ts';
import { type ReportOptions, writeReport, type WrittenReport } from './write-report.ts';

/**
 * A report of so few runs is written in the station's thread when its form takes short turns: it takes less time than the start of
 * a thread.
 */
const FEW_RUNS = 1000;

/** Writes reports beside the work of a station. */
export interface ReportWriter {
  /** As `writeReport`; also ends when the writer is closed. */
  write(request: ReportRequest, file: string, options: ReportOptions): Promise<WrittenReport>;
  /** Aborts all reports and waits for their end. */
  close(): Promise<void>;
}

/** @param program of the thread; `null` writes all reports in the station's thread */
export function createReportWriter(dataDir: string, program = findThreadProgram()): ReportWriter {
  const reader = createBackgroundReader(dataDir);
  return {
    write: (request, file, options) =>
      reader.read((database, signal) => {
        const isSmall =
          FORMS[options.format].hasShortTurns === true && countAtMost(database, request) <= FEW_RUNS;
        const own = { ...options, signal };
        const writeHere = (): Promise<WrittenReport> =>
          writeReport(database, subjectOf(database, request), file, own);
        if (program === null || isSmall) return writeHere();
        const { signal: _, onProgress, ...rest } = options;
        return runInThread(
          program,
          REPORT_JOB,
          { dataDir, request, file, options: rest },
          { signal, onProgress: (at) => onProgress?.(...at) },
        ).catch((error: unknown) => {
          if (error instanceof ThreadNotStarted) return writeHere();
          throw error;
        });
      }, options.signal),
    close: () => reader.close(),
  };
}

/** The runs of the report, or more. */
function countAtMost(database: ReadableDatabase, request: ReportRequest): number {
  switch (request.kind) {
    // To count those of a long batch would hold up the station.
    case 'batch':
    case 'runs':
      return database.runSearch.getLastRow();
    case 'unit':
      return request.runIds.length;
    case 'run':
      return 1;
  }
}
