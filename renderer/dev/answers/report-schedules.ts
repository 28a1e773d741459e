import type { ReportSchedules, ScheduledReport } from '#shared/contract/index.ts';
import type { Answers } from '../mock-station.ts';

const HOUR_MS = 3_600_000;

/** Two schedules; a report of the last shift could not be written, because the share was away. */
export function reportScheduleAnswers(nowMs: number): Answers {
  const report: ScheduledReport = {
    scheduleId: 'closed',
    subject: 'batch:b1',
    batchName: 'WO-20261117-04',
    fromAtMs: null,
    dueAtMs: nowMs - 20 * HOUR_MS,
    state: 'written',
    writtenAtMs: nowMs - 20 * HOUR_MS,
    file: '/mnt/quality/reports/L3-07_WO-20261117-04_20261120T120312Z.xlsx',
    runs: 1248,
    attempts: 1,
    fault: null,
  };
  let state: ReportSchedules = {
    schedules: [
      {
        scheduleId: 'closed',
        occasion: { at: 'batch-closed' },
        format: 'xlsx',
        folder: '/mnt/quality/reports',
        createdAtMs: nowMs - 90 * HOUR_MS,
        createdBy: '王工',
      },
      {
        scheduleId: 'shift',
        occasion: { at: 'shift-end', times: ['08:00', '20:00'] },
        format: 'csv',
        folder: '/mnt/mes/inbox',
        createdAtMs: nowMs - 80 * HOUR_MS,
        createdBy: '王工',
      },
    ],
    reports: [
      {
        ...report,
        scheduleId: 'shift',
        subject: 'shift:1',
        batchName: null,
        fromAtMs: nowMs - 14 * HOUR_MS,
        dueAtMs: nowMs - 2 * HOUR_MS,
        state: 'due',
        writtenAtMs: null,
        file: null,
        runs: null,
        attempts: 3,
        fault: {
          code: 'file-missing',
          message: '/mnt/mes/inbox cannot be written: it does not exist',
          details: {},
        },
      },
      report,
    ],
  };
  const settle = (subject: string, settled: Partial<ScheduledReport>): ReportSchedules => {
    const reports = state.reports.map((one) =>
      one.subject === subject ? { ...one, ...settled, fault: null } : one,
    );
    state = { ...state, reports };
    return state;
  };
  return {
    'reportSchedules.get': () => state,
    'reportSchedules.add': (schedule) => {
      const added = { ...schedule, scheduleId: 'new', createdAtMs: nowMs, createdBy: '王工' };
      state = { ...state, schedules: [...state.schedules, added] };
      return state;
    },
    'reportSchedules.remove': ({ scheduleId }) => {
      state = { ...state, schedules: state.schedules.filter((one) => one.scheduleId !== scheduleId) };
      return state;
    },
    'reportSchedules.retry': ({ subject }) =>
      settle(subject, {
        state: 'written',
        file: '/mnt/mes/inbox/L3-07_shift_20261121T080000Z.csv',
        runs: 311,
      }),
    'reportSchedules.skip': ({ subject }) => settle(subject, { state: 'skipped' }),
  };
}
