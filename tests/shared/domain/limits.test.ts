import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLimits, limits, type Limits, withinLimits } from '#shared/domain/limits.ts';

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const value = fc.oneof(number, fc.string(), fc.boolean());

describe('limits', () => {
  it('include min and max, and nothing beyond them', () => {
    fc.assert(
      fc.property(number, number, number, (a, b, measured) => {
        const range: Limits = { min: Math.min(a, b), max: Math.max(a, b) };
        expect(withinLimits(measured, range)).toBe(measured >= Math.min(a, b) && measured <= Math.max(a, b));
        expect(withinLimits(Math.min(a, b), range) && withinLimits(Math.max(a, b), range)).toBe(true);
      }),
    );
  });

  it('are never met by a value of another kind', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.boolean()), number, (measured, bound) => {
        expect(withinLimits(measured, { min: bound })).toBe(false);
        expect(withinLimits(measured, { max: bound })).toBe(false);
      }),
    );
    expect(withinLimits('1', { equals: 1 })).toBe(false);
    expect(withinLimits(Number.NaN, { min: 0 })).toBe(false);
    expect(withinLimits(Number.NaN, { max: 0 })).toBe(false);
  });

  it('must all hold', () => {
    const all: Limits = { min: 1, max: 9, equals: 5, pattern: '^5$' };
    expect(withinLimits(5, all)).toBe(true);
    for (const broken of [{ min: 6 }, { max: 4 }, { equals: 6 }, { pattern: '^6$' }] as Limits[])
      expect(withinLimits(5, { ...all, ...broken })).toBe(false);
  });

  it('accept every value if there are none, and format as an empty text', () => {
    fc.assert(fc.property(value, (measured) => withinLimits(measured, {})));
    expect(formatLimits({})).toBe('');
  });

  it('are formatted readably', () => {
    expect(formatLimits({ min: 3.1, max: 3.5 }, 'V')).toBe('3.1 … 3.5 V');
    expect(formatLimits({ min: 2 })).toBe('≥ 2');
    expect(formatLimits({ max: -60 }, 'dBm')).toBe('≤ -60 dBm');
    expect(formatLimits({ equals: 'OK', pattern: 'O.' })).toBe('= "OK", ~ /O./');
  });

  it('that contradict each other are refused', () => {
    expect(limits.safeParse({ min: 2, max: 1 }).success).toBe(false);
    expect(limits.safeParse({ pattern: '(' }).success).toBe(false);
    expect(limits.safeParse({ minimum: 1 }).success).toBe(false);
  });
});
