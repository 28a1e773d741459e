import { expect, it } from 'vitest';
import { createLineFilter } from '../../cli/line-filter.ts';

it('ignores the second end of a line, and accepts an Enter on its own as a line', () => {
  let nowMs = 10_000;
  const isLine = createLineFilter(() => nowMs);
  const after = (ms: number, line: string): boolean => {
    nowMs += ms;
    return isLine(line);
  };
  expect([after(0, ''), after(900, 'LOT-7'), after(150, ''), after(150, ''), after(900, '')]).toEqual([
    true,
    true,
    false,
    false,
    true,
  ]);
  expect(after(10, 'LOT-8')).toBe(true);
});
