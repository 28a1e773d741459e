import type { ReportSchedule } from '#shared/contract/index.ts';
import type { DueReport, ReadableDatabase } from '../../core/database/index.ts';
import { type Shift, shiftsThatEnded } from './shift-ends.ts';

/** Shifts that ended longer ago are not reported any more: the station was off, or its clock was set. */
const MAX_AGE_MS = 7 * 86_400_000;
/** A run that began in a shift may end after it: its end is waited for, so long. */
const OPEN_RUNS_MS = 30 * 60_000;

/** What is known beside the database. */
export interface DueContext {
  readonly nowMs: number;
  readonly isClockTrusted: boolean;
  /** Ended shifts without runs, so that they are not searched again: `<from> <to>`. */
  readonly emptyShifts: Set<string>;
}

/** What a schedule has to report and does not know yet. Shifts without runs are left out. */
export function findDue(
  database: ReadableDatabase,
  schedule: ReportSchedule,
  context: DueContext,
): DueReport[] {
  const { scheduleId, occasion } = schedule;
  const { reportSchedules } = database;
  const due =
    occasion.at === 'shift-end'
      ? endedShifts(database, occasion.times, schedule, context).map(({ fromMs, toMs }) => ({
          scheduleId,
          subject: `shift:${toMs}`,
          batchId: null,
          fromAtMs: fromMs,
          dueAtMs: toMs,
        }))
      : endedBatches(database, occasion.at, schedule).map((batchId) => ({
          scheduleId,
          subject: subjectOfBatch(batchId),
          batchId,
          fromAtMs: null,
          dueAtMs: context.nowMs,
        }));
  return due.filter(({ subject }) => !reportSchedules.isKnown(scheduleId, subject));
}

function endedBatches(
  { batches, batchProgress, reportSchedules }: ReadableDatabase,
  at: 'batch-complete' | 'batch-closed',
  { scheduleId, createdAtMs }: ReportSchedule,
): string[] {
  const all = batches
    .list()
    .filter(({ batchId }) => !reportSchedules.isKnown(scheduleId, subjectOfBatch(batchId)));
  const ended =
    at === 'batch-closed'
      ? all.filter(({ closedAtMs }) => closedAtMs !== null && closedAtMs >= createdAtMs)
      : all.filter(
          ({ batchId, quantity }) =>
            reportSchedules.getLatestStartMs(batchId) >= createdAtMs &&
            batchProgress.get(batchId).passed >= quantity,
        );
  return ended.map(({ batchId }) => batchId);
}

const subjectOfBatch = (batchId: string): string => `batch:${batchId}`;

function endedShifts(
  database: ReadableDatabase,
  times: readonly string[],
  { createdAtMs }: ReportSchedule,
  { nowMs, isClockTrusted, emptyShifts }: DueContext,
): Shift[] {
  // With a wrong clock the shifts of another day would be reported, and the right ones never.
  if (!isClockTrusted) return [];
  const unfinished = database.runs.listUnfinished();
  return shiftsThatEnded(times, Math.max(createdAtMs, nowMs - MAX_AGE_MS), nowMs).filter(
    ({ fromMs, toMs }) => {
      // Shifts of several schedules may end together and begin at different times.
      const key = `${fromMs} ${toMs}`;
      if (emptyShifts.has(key)) return false;
      const isIn = ({ startedAtMs }: { readonly startedAtMs: number }): boolean =>
        startedAtMs >= fromMs && startedAtMs < toMs;
      if (nowMs < toMs + OPEN_RUNS_MS && unfinished.some(isIn)) return false;
      const filter = { fromAtMs: fromMs, toAtMs: toMs };
      const before = database.runSearch.getLastRow() + 1;
      const hasRuns = database.runSearch.find({ filter, before, limit: 1 }).length > 0;
      if (!hasRuns) emptyShifts.add(key);
      return hasRuns;
    },
  );
}
