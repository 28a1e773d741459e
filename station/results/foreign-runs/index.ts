/** Runs of other stations and programs: their import, and lists of them. They are records marked foreign, in tables of their own. */
export { fromRecord } from './candidate.ts';
export { ForeignRuns } from './foreign-runs.ts';
export { foreignRunHandlers } from './handlers.ts';
export { type RunImportOptions, type RunImportReport } from './import-runs.ts';
export { openRunSource, type RunSource } from './open-source.ts';
export { parseRunColumnMap } from './readers/csv-columns.ts';
export type { CsvRunOptions } from './readers/read-csv-runs.ts';
