import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  calendarDayOf,
  daysOfPreset,
  PRESETS,
  toCalendarDays,
  toDateRange,
} from '../../../renderer/src/ui/date-range.ts';

const HOUR_MS = 3_600_000;
afterEach(() => vi.unstubAllEnvs());

describe('a range of days', () => {
  it.each([
    ['Asia/Shanghai', '2026-03-29', 24],
    ['Europe/Berlin', '2026-03-29', 23],
    ['Europe/Berlin', '2026-10-25', 25],
    // Here midnight itself is skipped.
    ['Africa/Cairo', '2026-04-24', 23],
  ])('in %s on %s goes from midnight to midnight, %i hours', (timeZone, day, hours) => {
    vi.stubEnv('TZ', timeZone);
    const noonMs = Date.parse(`${day}T10:00:00Z`);
    const days = { start: calendarDayOf(noonMs), end: calendarDayOf(noonMs) };
    const range = toDateRange(days);
    expect(range.toMs - range.fromMs).toBe(hours * HOUR_MS);
    expect(toCalendarDays(range)).toEqual(days);
    expect(days.start.toString()).toBe(day);
  });

  it('of a preset ends with today or yesterday', () => {
    vi.stubEnv('TZ', 'Asia/Shanghai');
    // 00:30 of March 1 in Shanghai, still February in UTC.
    const nowMs = Date.parse('2028-02-29T16:30:00Z');
    const texts = PRESETS.map((preset) => {
      const { start, end } = daysOfPreset(preset, nowMs);
      return `${preset} ${start.toString()} ${end.toString()}`;
    });
    expect(texts).toEqual([
      'today 2028-03-01 2028-03-01',
      'yesterday 2028-02-29 2028-02-29',
      'week 2028-02-24 2028-03-01',
      'month 2028-02-01 2028-03-01',
      'thisMonth 2028-03-01 2028-03-01',
    ]);
  });
});
