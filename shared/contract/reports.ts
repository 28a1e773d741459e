import { z } from 'zod';
import { CSV_DECIMALS, CSV_DELIMITERS } from '../codec/csv/index.ts';
import { call, topic } from '../rpc/contract.ts';
import { EVERYONE, timeMs } from './common.ts';
import { LANGUAGES } from '../words/index.ts';
import { PAPERS, REPORT_FORMATS } from './report-forms.ts';
import { RUN_COLUMNS } from './run-columns.ts';
import { runFilter } from './run-filter.ts';

/** The figures of a batch. */
const batchCounts = z.object({
  batchId: z.string(),
  units: z.int(),
  runs: z.int(),
  /** Units whose first run passed. */
  firstPass: z.int(),
  /** Units whose latest run passed. */
  finalPass: z.int(),
  /** 0 … 1; `null` without a unit. */
  firstPassYield: z.number().nullable(),
  finalYield: z.number().nullable(),
  /** Median duration of passed runs. */
  medianMs: z.number().nullable(),
  lastRunAtMs: timeMs.nullable(),
  /** Runs that did not pass by their first failure; most frequent first. */
  failures: z.array(
    z.object({ code: z.string(), phase: z.string(), step: z.string(), runs: z.int(), example: z.string() }),
  ),
});
export type BatchCounts = z.infer<typeof batchCounts>;

/** Reports of a batch, as figures and as a file. */
export const batchReport = batchCounts.extend({
  /** Units whose latest run passed without a proof that they hold their secret; counted up to `MAX_COUNTED_RUNS`. */
  unproven: z.int(),
});
export type BatchReport = z.infer<typeof batchReport>;

/** The format of a CSV file for the spreadsheets of a country. */
export const csvForm = z.strictObject({
  delimiter: z.enum(CSV_DELIMITERS).optional(),
  decimal: z.enum(CSV_DECIMALS).optional(),
  /** False without a byte order mark, which Excel needs to read UTF-8. Default true. */
  bom: z.boolean().optional(),
});
export type CsvForm = z.infer<typeof csvForm>;

/** How a PDF is made; default Chinese on A4. */
export const pdfForm = z.strictObject({
  language: z.enum(LANGUAGES).optional(),
  paper: z.enum(PAPERS).optional(),
});
export type PdfForm = z.infer<typeof pdfForm>;

export const MAX_COLUMN_NAME = 64;
/** Other names of columns, for their headers. */
export const columnNames = z.partialRecord(
  z.enum(RUN_COLUMNS),
  z.string().trim().min(1).max(MAX_COLUMN_NAME),
);

/** A file that was exported, and its manifest; both can be downloaded by their ids. */
const writtenFile = z.object({
  fileId: z.string(),
  name: z.string(),
  manifestId: z.string(),
  runs: z.int(),
  bytes: z.int(),
  sha256: z.string(),
});

export const reportCalls = {
  'reports.batch': call(EVERYONE, z.strictObject({ batchId: z.string() }), batchReport, {
    automatic: true,
    atOnce: false,
  }),
  /**
   * Writes the runs of a batch with their measurements to a file at the station, complete or not at all. Pages download it
   * by its id (`GET /files/<fileId>` in the kiosk). Takes minutes for large batches; a cancelled export leaves no file.
   */
  'reports.export': call(
    ['support', 'engineer'],
    z.strictObject({
      batchId: z.string(),
      format: z.enum(REPORT_FORMATS),
      csv: csvForm.optional(),
      pdf: pdfForm.optional(),
    }),
    writtenFile,
    { automatic: false, atOnce: false },
  ),
  /** As `reports.export`, the runs of one unit, which is named by serial number, MAC, DeviceName or its label. */
  'reports.exportUnit': call(
    ['support', 'engineer'],
    z.strictObject({
      unit: z.string().trim().min(1).max(1024),
      format: z.enum(REPORT_FORMATS),
      csv: csvForm.optional(),
    }),
    writtenFile,
    { automatic: false, atOnce: false },
  ),
  /**
   * Writes the runs that match a filter, with the chosen columns in their order, newest first; as `reports.export`. With
   * `measurements` a column for each measurement follows, in JSON Lines the steps with their measurements.
   */
  'reports.exportRuns': call(
    ['support', 'engineer'],
    z.strictObject({
      filter: runFilter,
      columns: z.array(z.enum(RUN_COLUMNS)).min(1).max(RUN_COLUMNS.length),
      names: columnNames.optional(),
      measurements: z.boolean().default(false),
      format: z.enum(REPORT_FORMATS),
      csv: csvForm.optional(),
    }),
    writtenFile,
    { automatic: false, atOnce: false },
  ),
};

export const exportsState = z.object({
  /** The exports in progress, oldest first. */
  running: z.array(
    z.object({
      fileId: z.string(),
      /** `null` for an export of runs by a filter, and of a unit. */
      batchId: z.string().nullable(),
      format: z.enum(REPORT_FORMATS),
      /** Runs written so far, and their total number; `null` while it is not known. */
      runs: z.int(),
      totalRuns: z.int().nullable(),
      /** 0 … 1 of the records that are read. */
      share: z.number(),
      /** Until it is written, as fast as until now; `null` while that is not known. */
      leftMs: z.number().nullable(),
    }),
  ),
});
export type ExportsState = z.infer<typeof exportsState>;

export const reportTopics = {
  /** The progress of each export, a few times a second. */
  exports: topic(['support', 'engineer'], {
    snapshot: exportsState,
    delta: exportsState,
    apply: (_, next) => next,
  }),
};
