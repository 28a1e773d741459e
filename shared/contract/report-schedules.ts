import { z } from 'zod';
import { call } from '../rpc/contract.ts';
import { empty, faultView, timeMs } from './common.ts';
import { REPORT_FORMATS } from './report-forms.ts';
import { csvForm, pdfForm } from './reports.ts';

export const MAX_REPORT_SCHEDULES = 50;
export const MAX_SHIFT_ENDS = 12;

/** When a report is due. */
export const reportOccasion = z.discriminatedUnion('at', [
  /** As many units as were ordered have passed. */
  z.strictObject({ at: z.literal('batch-complete') }),
  z.strictObject({ at: z.literal('batch-closed') }),
  /** At times of the day, by the clock of the station's computer: the runs that started since the last one of them. */
  z.strictObject({
    at: z.literal('shift-end'),
    times: z
      .array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/))
      .min(1)
      .max(MAX_SHIFT_ENDS),
  }),
]);
export type ReportOccasion = z.infer<typeof reportOccasion>;

/** A report that the station writes by itself. */
export const reportSchedule = z.object({
  scheduleId: z.string(),
  occasion: reportOccasion,
  format: z.enum(REPORT_FORMATS),
  csv: csvForm.optional(),
  pdf: pdfForm.optional(),
  /** Where the file is put: a folder of this computer or of the network, as an absolute path; `null`: the registry. */
  folder: z.string().nullable(),
  createdAtMs: timeMs,
  createdBy: z.string(),
});
export type ReportSchedule = z.infer<typeof reportSchedule>;

/**
 * A report that was due. `due`: it is being written, or is tried again after `fault`. `skipped`: a person gave it up. Each
 * batch and each shift has one report of a schedule, never two.
 */
export const scheduledReport = z.object({
  scheduleId: z.string(),
  /** Of this schedule: `batch:<id>` or `shift:<end, Unix milliseconds>`. */
  subject: z.string(),
  /** The name of the batch; `null` for a shift. */
  batchName: z.string().nullable(),
  fromAtMs: timeMs.nullable(),
  dueAtMs: timeMs,
  state: z.enum(['due', 'written', 'skipped']),
  writtenAtMs: timeMs.nullable(),
  /** The whole path of the file, or its name at the registry. */
  file: z.string().nullable(),
  runs: z.int().nullable(),
  attempts: z.int(),
  /** Why the last attempt failed. */
  fault: faultView.pick({ code: true, message: true, details: true }).nullable(),
});
export type ScheduledReport = z.infer<typeof scheduledReport>;

export const reportSchedules = z.object({
  schedules: z.array(reportSchedule),
  /** The latest reports of all schedules, newest first; those that are due are always there. */
  reports: z.array(scheduledReport),
});
export type ReportSchedules = z.infer<typeof reportSchedules>;

const ENGINEER = ['engineer'] as const;
const which = z.strictObject({ scheduleId: z.string().max(64), subject: z.string().max(128) });

export const reportScheduleCalls = {
  'reportSchedules.get': call(['support', 'engineer'], empty, reportSchedules, {
    automatic: true,
    atOnce: false,
  }),
  /**
   * Adds a schedule. Batches and shifts that ended before have no report of it. Faults: `bad-input` for a folder that is not
   * absolute or belongs to the station, for a format that has no batches or no runs of a filter, and when there are
   * `MAX_REPORT_SCHEDULES` already; `not-configured` without a registry; `file-missing`, `file-denied`, `disk-read-only`, `disk-full` when the folder cannot be
   * written to.
   */
  'reportSchedules.add': call(
    ENGINEER,
    z.strictObject({
      occasion: reportOccasion,
      format: z.enum(REPORT_FORMATS),
      csv: csvForm.optional(),
      pdf: pdfForm.optional(),
      folder: z.string().trim().min(1).max(1000).nullable(),
    }),
    reportSchedules,
    { automatic: false, atOnce: false },
  ),
  /** Its reports that are due are given up. Faults: `not-found`. */
  'reportSchedules.remove': call(
    ENGINEER,
    z.strictObject({ scheduleId: z.string().max(64) }),
    reportSchedules,
    {
      automatic: false,
      atOnce: false,
    },
  ),
  /** Tries a report that is due at once. Faults: `not-found` when none is due. */
  'reportSchedules.retry': call(ENGINEER, which, reportSchedules, { automatic: false, atOnce: false }),
  /** Gives a report up that is due. Faults: `not-found` when none is due. */
  'reportSchedules.skip': call(ENGINEER, which, reportSchedules, { automatic: false, atOnce: false }),
};
