/** Files that stations send by themselves: reports of batches and shifts. */
export { createReportStore, type ReportStore } from './report-store.ts';
