/** What a batch did, as files for other people. */
export { writeRunReport } from './run-report.ts';
