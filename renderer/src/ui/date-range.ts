import { CalendarDate } from '@internationalized/date';

/** Whole days of this computer's time zone: from the first midnight up to, not including, the last. */
export interface DateRange {
  readonly fromMs: number;
  readonly toMs: number;
}
/** Both days belong to the range. */
export interface CalendarDays {
  readonly start: CalendarDate;
  readonly end: CalendarDate;
}

/** The midnight at which a day begins, in the local time zone; where that hour is skipped, the first instant after it. */
export const localMidnightMs = ({ year, month, day }: CalendarDate): number =>
  new Date(year, month - 1, day).getTime();

export function calendarDayOf(atMs: number): CalendarDate {
  const date = new Date(atMs);
  return new CalendarDate(date.getFullYear(), date.getMonth() + 1, date.getDate());
}

export const toDateRange = ({ start, end }: CalendarDays): DateRange => ({
  fromMs: localMidnightMs(start),
  toMs: localMidnightMs(end.add({ days: 1 })),
});

export const toCalendarDays = ({ fromMs, toMs }: DateRange): CalendarDays => ({
  start: calendarDayOf(fromMs),
  end: calendarDayOf(toMs - 1),
});

export const PRESETS = ['today', 'yesterday', 'week', 'month', 'thisMonth'] as const;
export type Preset = (typeof PRESETS)[number];

/** The days of a preset; `week` and `month` are the last 7 and 30 days with today. */
export function daysOfPreset(preset: Preset, nowMs: number): CalendarDays {
  const today = calendarDayOf(nowMs);
  switch (preset) {
    case 'today':
      return { start: today, end: today };
    case 'yesterday': {
      const yesterday = today.subtract({ days: 1 });
      return { start: yesterday, end: yesterday };
    }
    case 'week':
      return { start: today.subtract({ days: 6 }), end: today };
    case 'month':
      return { start: today.subtract({ days: 29 }), end: today };
    case 'thisMonth':
      return { start: today.set({ day: 1 }), end: today };
  }
}
