import { expect, it } from 'vitest';
import { barOf } from '../../../../../station/results/reports/pdf/draw-histogram.ts';

it('a bar is never hidden by the line of the mean, and a narrow one stays around its values', () => {
  expect(barOf(10, 30)).toEqual({ at: 10, width: expect.closeTo(19.7) });
  // Equal values: a bar of no width at all.
  const { at, width } = barOf(40, 40.0001);
  expect(width).toBeGreaterThanOrEqual(3);
  expect(Math.abs(at + width / 2 - 40)).toBeLessThan(0.2);
});
