import type { RunFilter } from '#shared/contract/index.ts';
import { createBackgroundReader } from '../../core/background-reads/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { fixRunFilter } from '../figures/index.ts';
import type { ReportSubject, RunListContent } from './report-form.ts';
import { type ReportOptions, writeReport, type WrittenReport } from './write-report.ts';

export type RequestedRuns = Omit<RunListContent, 'filter'> & { readonly filter: RunFilter };

/** A subject before a filter was fixed. Plain data. */
export type ReportRequest =
  | Exclude<ReportSubject, { kind: 'runs' }>
  | ({ readonly kind: 'runs'; readonly nowMs: number } & RequestedRuns);

/** Writes reports beside the work of a station. */
export interface ReportWriter {
  /** As `writeReport`; also ends when the writer is closed. */
  write(request: ReportRequest, file: string, options: ReportOptions): Promise<WrittenReport>;
  /** Aborts all reports and waits for their end. */
  close(): Promise<void>;
}

export function createReportWriter(dataDir: string): ReportWriter {
  const reader = createBackgroundReader(dataDir);
  return {
    write: (request, file, options) =>
      reader.read(
        (database, signal) =>
          writeReport(database, subjectOf(database, request), file, { ...options, signal }),
        options.signal,
      ),
    close: () => reader.close(),
  };
}

function subjectOf(database: ReadableDatabase, request: ReportRequest): ReportSubject {
  if (request.kind !== 'runs') return request;
  const { nowMs, filter, ...content } = request;
  return { ...content, filter: fixRunFilter(database, filter, nowMs) };
}
