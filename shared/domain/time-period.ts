/** Periods that end now: the last 8 hours, and days of the calendar where the program runs, today among them. */
export const TIME_PERIODS = ['shift', 'today', 'week', 'month'] as const;
export type TimePeriod = (typeof TIME_PERIODS)[number];

const HOUR_MS = 3_600_000;
const DAYS_BACK = { today: 0, week: 6, month: 29 } as const;

/** When a period begins: 8 hours ago, or at the midnight of today, of the day 6 days before it, or 29 days before it. */
export function beginOf(period: TimePeriod, nowMs: number): number {
  if (period === 'shift') return nowMs - 8 * HOUR_MS;
  const now = new Date(nowMs);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - DAYS_BACK[period]).getTime();
}
