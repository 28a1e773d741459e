import { z } from 'zod';
import { CSV_DECIMALS, CSV_DELIMITERS } from '../codec/csv/index.ts';
import { call, topic } from '../rpc/contract.ts';
import { EVERYONE, timeMs } from './common.ts';

/** What a batch did so far, and as a file to take along. */
export const batchReport = z.object({
  batchId: z.string(),
  units: z.int(),
  runs: z.int(),
  /** Units whose first run passed. */
  firstPass: z.int(),
  /** Units whose latest run passed. */
  finalPass: z.int(),
  /** 0 … 1; `null` when there is no unit yet. */
  firstPassYield: z.number().nullable(),
  finalYield: z.number().nullable(),
  /** Median duration of passed runs. */
  medianMs: z.number().nullable(),
  lastRunAtMs: timeMs.nullable(),
  /** Runs that did not pass, by what failed first; most first. */
  failures: z.array(
    z.object({ code: z.string(), phase: z.string(), step: z.string(), runs: z.int(), example: z.string() }),
  ),
});
export type BatchReport = z.infer<typeof batchReport>;

/** How a CSV file is written for the spreadsheets of a country. */
export const csvForm = z.strictObject({
  delimiter: z.enum(CSV_DELIMITERS).optional(),
  decimal: z.enum(CSV_DECIMALS).optional(),
});
export type CsvForm = z.infer<typeof csvForm>;

export const REPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export const reportCalls = {
  'reports.batch': call(EVERYONE, z.strictObject({ batchId: z.string() }), batchReport),
  /**
   * Writes the runs of a batch with their measurements to a file at the station; whole or not at all. Pages fetch it
   * by its id (`GET /files/<fileId>` in the kiosk). Long for large batches: give it minutes; a cancel leaves nothing behind.
   */
  'reports.export': call(
    ['support', 'engineer'],
    z.strictObject({ batchId: z.string(), format: z.enum(REPORT_FORMATS), csv: csvForm.optional() }),
    z.object({ fileId: z.string(), name: z.string(), runs: z.int(), bytes: z.int() }),
  ),
};

export const exportsState = z.object({
  /** Those under way, oldest first. */
  running: z.array(
    z.object({
      fileId: z.string(),
      batchId: z.string(),
      format: z.enum(REPORT_FORMATS),
      /** Runs written so far, of how many. */
      runs: z.int(),
      totalRuns: z.int(),
    }),
  ),
});
export type ExportsState = z.infer<typeof exportsState>;

export const reportTopics = {
  /** How far each export has come; told a few times a second. */
  exports: topic(['support', 'engineer'], {
    snapshot: exportsState,
    delta: exportsState,
    apply: (_, next) => next,
  }),
};
