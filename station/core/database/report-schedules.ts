import type { Db } from './database.ts';

export interface ReportScheduleRow {
  readonly scheduleId: string;
  readonly definition: string;
  /** `null`: the registry. */
  readonly folder: string | null;
  readonly createdAtMs: number;
  readonly createdBy: string;
}

export interface ScheduledReportRow {
  readonly scheduleId: string;
  readonly subject: string;
  readonly batchId: string | null;
  readonly batchName: string | null;
  /** Of a shift: its beginning, which is in it. Its end is `dueAtMs`, which is not. */
  readonly fromAtMs: number | null;
  readonly dueAtMs: number;
  readonly state: 'due' | 'written' | 'skipped';
  readonly writtenAtMs: number | null;
  readonly file: string | null;
  readonly runs: number | null;
  readonly attempts: number;
  /** Code and message as JSON. */
  readonly fault: string | null;
}

/** What is due: a batch, or the runs that started in a shift. */
export type DueReport = Pick<
  ScheduledReportRow,
  'scheduleId' | 'subject' | 'batchId' | 'fromAtMs' | 'dueAtMs'
>;

const SELECT = `
  SELECT schedule_id AS scheduleId, subject, scheduled_report.batch_id AS batchId, batch.name AS batchName, from_at AS fromAtMs,
    due_at AS dueAtMs, state, written_at AS writtenAtMs, file, runs, attempts, fault
  FROM scheduled_report LEFT JOIN batch ON batch.batch_id = scheduled_report.batch_id`;

/** Schedules of reports, and the reports that were due by them. */
export function createReportScheduleRepository(db: Db) {
  const all = db.prepare<[], ReportScheduleRow>(
    `SELECT schedule_id AS scheduleId, definition, folder, created_at AS createdAtMs, created_by AS createdBy
     FROM report_schedule WHERE removed_at IS NULL ORDER BY created_at, schedule_id`,
  );
  const add = db.prepare(
    'INSERT INTO report_schedule (schedule_id, definition, folder, created_at, created_by) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = db.prepare(
    'UPDATE report_schedule SET removed_at = ? WHERE schedule_id = ? AND removed_at IS NULL',
  );
  const due = db.prepare<[], ScheduledReportRow>(
    `${SELECT} WHERE state = 'due' ORDER BY due_at, schedule_id, subject`,
  );
  const latest = db.prepare<[number], ScheduledReportRow>(
    `${SELECT} WHERE state <> 'due' ORDER BY due_at DESC, schedule_id, subject LIMIT ?`,
  );
  const addDue = db.prepare(
    `INSERT INTO scheduled_report (schedule_id, subject, batch_id, from_at, due_at, state) VALUES (?, ?, ?, ?, ?, 'due')
     ON CONFLICT DO NOTHING`,
  );
  const known = db.prepare<[string, string], { known: number }>(
    'SELECT 1 AS known FROM scheduled_report WHERE schedule_id = ? AND subject = ?',
  );
  const written = db.prepare(
    `UPDATE scheduled_report SET state = 'written', written_at = ?, file = ?, runs = ?, attempts = attempts + 1, fault = NULL
     WHERE schedule_id = ? AND subject = ? AND state = 'due'`,
  );
  const failed = db.prepare(
    `UPDATE scheduled_report SET attempts = attempts + 1, fault = ? WHERE schedule_id = ? AND subject = ? AND state = 'due'`,
  );
  const skipped = db.prepare(
    `UPDATE scheduled_report SET state = 'skipped' WHERE schedule_id = ? AND subject = ? AND state = 'due'`,
  );
  const skippedAll = db.prepare(
    `UPDATE scheduled_report SET state = 'skipped' WHERE schedule_id = ? AND state = 'due'`,
  );
  const claimed = db.prepare<[string, string, string], { known: number }>(
    'SELECT 1 AS known FROM scheduled_report WHERE file = ? AND (schedule_id <> ? OR subject <> ?)',
  );
  const latestStart = db.prepare<[string], { atMs: number }>(
    'SELECT coalesce(max(started_at), 0) AS atMs FROM run WHERE batch_id = ?',
  );
  return {
    /** Those that were not removed, oldest first. */
    list: (): ReportScheduleRow[] => all.all(),
    add: ({ scheduleId, definition, folder, createdAtMs, createdBy }: ReportScheduleRow): void =>
      void add.run(scheduleId, definition, folder, createdAtMs, createdBy),
    /** Gives up what is due, too. False when there is none. */
    remove(scheduleId: string, atMs: number): boolean {
      const isRemoved = remove.run(atMs, scheduleId).changes === 1;
      if (isRemoved) skippedAll.run(scheduleId);
      return isRemoved;
    },
    listDue: (): ScheduledReportRow[] => due.all(),
    /** Those that are not due any more, newest first. */
    listLatest: (limit: number): ScheduledReportRow[] => latest.all(limit),
    isKnown: (scheduleId: string, subject: string): boolean => known.get(scheduleId, subject) !== undefined,
    /** True when the file is that of another report: of another schedule, or of another batch or shift. */
    isFileOfAnother: (file: string, { scheduleId, subject }: DueReport): boolean =>
      claimed.get(file, scheduleId, subject) !== undefined,
    /** When the latest run of a batch was started; 0 without one. */
    getLatestStartMs: (batchId: string): number => latestStart.get(batchId)?.atMs ?? 0,
    /** Nothing happens when the schedule knows the subject already. */
    addDue: ({ scheduleId, subject, batchId, fromAtMs, dueAtMs }: DueReport): void =>
      void addDue.run(scheduleId, subject, batchId, fromAtMs, dueAtMs),
    /** False when it is not due any more. */
    setWritten: (
      { scheduleId, subject }: DueReport,
      { atMs, file, runs }: { readonly atMs: number; readonly file: string; readonly runs: number },
    ): boolean => written.run(atMs, file, runs, scheduleId, subject).changes === 1,
    setFailed: ({ scheduleId, subject }: DueReport, fault: string): void =>
      void failed.run(fault, scheduleId, subject),
    /** False when it is not due. */
    setSkipped: (scheduleId: string, subject: string): boolean =>
      skipped.run(scheduleId, subject).changes === 1,
  };
}
