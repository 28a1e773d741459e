/** Exports the runs of a batch as CSV or JSON Lines, in the background. */
export { type ExportedFile, Reports, type ReportsOptions } from './reports.ts';
export { exportName, freeExportName } from './export-name.ts';
export { type ReportOptions, writeRunList, writeRunReport, type WrittenReport } from './write-run-report.ts';
export { reportHandlers } from './handlers.ts';
