import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointInTime } from '../../cli/point-in-time.ts';
import { invoke } from '../kit/in-process.ts';

const begin = pointInTime('begin');
const end = pointInTime('end');

describe('a time on the command line', () => {
  it.each([
    ['2026-11-21T08:00:00+08:00', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21T08:00Z', '2026-11-21T08:00:00.000Z'],
    ['2026-11-21 08:00:30.5-03:30', '2026-11-21T11:30:30.500Z'],
    ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.000Z'],
    ['0099-12-31T00:00Z', '0099-12-31T00:00:00.000Z'],
  ])('is read: %s', (text, iso) => {
    expect(new Date(begin(text)).toISOString()).toBe(iso);
  });

  it('without a time is the whole day', () => {
    expect(begin('2026-12-31')).toBe(new Date(2026, 11, 31).getTime());
    expect(end('2026-12-31')).toBe(new Date(2027, 0, 1).getTime());
    expect(begin('2026-12-31T10:30')).toBe(new Date(2026, 11, 31, 10, 30).getTime());
  });

  it.each([
    '2026-02-30',
    '2026-02-29',
    '2100-02-29',
    '2026-04-31T08:00',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-01-32',
    '2026-01-01T24:00',
    '2026-01-01T25:00',
    '2026-01-01T10:60',
    '2026-01-01T10:59:60',
    '2026-01-01T10:00+15:00',
    '2026-01-01T10:00+08:60',
    '2026-1-1',
    '2026-01-01Z',
    'yesterday',
    '',
  ])('is refused if it does not exist: %s', (text) => {
    for (const parse of [begin, end])
      expect(() => parse(text)).toThrow(/is not a time like|is in no calendar|names no time zone/);
  });

  it('is the written day, or refused', () => {
    const pad = (value: number): string => String(value).padStart(2, '0');
    fc.assert(
      fc.property(fc.integer({ min: 1990, max: 2090 }), fc.nat(13), fc.nat(32), (year, month, day) => {
        const text = `${year}-${pad(month)}-${pad(day)}`;
        const exists =
          !Number.isNaN(Date.parse(`${text}T00:00Z`)) && new Date(`${text}T00:00Z`).getUTCDate() === day;
        if (!exists) {
          expect(() => begin(text)).toThrow();
          return;
        }
        const read = new Date(begin(text));
        expect([read.getFullYear(), read.getMonth() + 1, read.getDate()]).toEqual([year, month, day]);
      }),
    );
  });

  it('is refused by every command that takes one', async () => {
    for (const args of [
      ['yield', 'B1', '--from', '2026-02-30'],
      ['yield', 'B1', '--to', '2026-06-31T10:00'],
    ]) {
      const ended = await invoke(...args);
      expect(ended.status).toBe(2);
      expect(ended.stderr).toMatch(/is in no calendar/);
    }
  });
});
