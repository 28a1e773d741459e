/** Exports the runs of a batch, a filter or a unit as files, in the background. Each form is a file in `forms/`. */
export { type ExportedFile, Reports, type ReportsOptions } from './reports.ts';
export { exportName, freeExportName } from './export-name.ts';
export type { ReportForm, ReportSource, ReportSubject, RunListContent } from './report-form.ts';
export { MANIFEST_ENDING, manifestFileOf, type ReportAbout, type ReportManifest } from './manifest.ts';
export type { ReportRequest } from './report-request.ts';
export { createReportWriter, type ReportWriter } from './report-writer.ts';
export { REPORT_JOB } from './report-job.ts';
export { keepHeapSmall } from './keep-heap-small.ts';
export { findUnitRuns } from './find-unit-runs.ts';
export { type VerifiedReport, verifyReport } from './verify-report.ts';
export { type ReportOptions, writeReport, type WrittenReport } from './write-report.ts';
export { certificateData, certificatePdf, readRunFiles } from './pdf/index.ts';
export { reportHandlers } from './handlers.ts';
