import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shiftsThatEnded } from '../../../../station/results/scheduled-reports/shift-ends.ts';

const local = (text: string): number => new Date(text).getTime();
const HOUR_MS = 3_600_000;

describe('the ends of shifts', () => {
  let before: string | undefined;
  beforeEach(() => {
    before = process.env['TZ'];
  });
  afterEach(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });

  it('are times of the day by the clock of the computer', () => {
    process.env['TZ'] = 'Asia/Shanghai';
    const shifts = shiftsThatEnded(['20:00', '08:00'], local('2026-12-01T07:00'), local('2026-12-02T08:00'));
    expect(shifts).toEqual([
      { fromMs: local('2026-11-30T20:00'), toMs: local('2026-12-01T08:00') },
      { fromMs: local('2026-12-01T08:00'), toMs: local('2026-12-01T20:00') },
      { fromMs: local('2026-12-01T20:00'), toMs: local('2026-12-02T08:00') },
    ]);
    expect(new Date(shifts[0]?.toMs ?? 0).toISOString()).toBe('2026-12-01T00:00:00.000Z');
  });

  it('with one time a day make shifts of a day, with the same time twice, too', () => {
    process.env['TZ'] = 'UTC';
    const day = [{ fromMs: local('2026-11-30T06:00'), toMs: local('2026-12-01T06:00') }];
    const [after, now] = [local('2026-11-30T06:00'), local('2026-12-02T05:59')];
    expect(shiftsThatEnded(['06:00'], after, now)).toEqual(day);
    expect(shiftsThatEnded(['06:00', '06:00'], after, now)).toEqual(day);
  });

  it('are none before the first end, and an end belongs to the time before it', () => {
    process.env['TZ'] = 'UTC';
    const end = local('2026-12-01T06:00');
    expect(shiftsThatEnded(['06:00'], end - 1, end - 1)).toEqual([]);
    expect(shiftsThatEnded(['06:00'], end - 1, end).map(({ toMs }) => toMs)).toEqual([end]);
    expect(shiftsThatEnded(['06:00'], end, end)).toEqual([]);
  });

  it('leave no time out and take none twice where clocks are changed', () => {
    process.env['TZ'] = 'Europe/Berlin';
    for (const [day, hours] of [
      ['2026-03-29', 23],
      ['2026-10-25', 25],
    ] as const) {
      const afterMs = local(`${day}T00:00`) - 24 * HOUR_MS;
      const shifts = shiftsThatEnded(['02:30', '14:00'], afterMs, afterMs + 4 * 24 * HOUR_MS);
      for (const [index, { fromMs }] of shifts.entries())
        if (index > 0) expect(fromMs).toBe(shifts[index - 1]?.toMs);
      const ofDay = shifts.filter(({ toMs }) => new Date(toMs).getHours() === 14);
      expect(ofDay.map(({ fromMs, toMs }) => (toMs - fromMs) / HOUR_MS)).toContain(11.5);
      const noon = (ms: number): boolean => new Date(ms).getHours() === 14;
      const ends = shifts.map(({ toMs }) => toMs).filter(noon);
      expect(ends.slice(1).map((end, index) => (end - (ends[index] ?? 0)) / HOUR_MS)).toContain(hours);
    }
  });
});
