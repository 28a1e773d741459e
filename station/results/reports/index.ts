/** What a batch did: counted for a screen, or as a file for other people. Read in small turns, so that the line goes on. */
export { createReports, type ExportedFile, type Reports, type ReportsParts } from './reports.ts';
export { type ReportOptions, writeRunReport, type WrittenReport } from './write-run-report.ts';
export { reportHandlers } from './handlers.ts';
