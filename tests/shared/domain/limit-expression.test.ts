import { expect, it } from 'vitest';
import { isLimitExpression, evaluateLimitExpression } from '#shared/domain/limit-expression.ts';
import { formatLimits, limitContradictions } from '#shared/domain/limits.ts';
import { recipeLimits } from '#shared/recipe/index.ts';

it.each(['${temp}', '${temp} + 5', '${temp}-0.5', '${t1} * 1.05', '23.5 + 5', '-3 - 2'])(
  'accepts %s as a limit',
  (text) => expect(isLimitExpression(text)).toBe(true),
);

it.each([
  '',
  '5',
  'warm',
  '${temp',
  '$temp',
  '{temp}',
  '${temp} / 2',
  '${a} + ${b}',
  '${temp} + 5 V',
  '${event:开门}',
])('does not accept "%s" as a limit', (text) => expect(isLimitExpression(text)).toBe(false));

it.each<[string, number | null]>([
  ['25', 25],
  [' 25.5 ', 25.5],
  ['-3 + 5', 2],
  ['-3 - -2', -1],
  ['0.1 + 0.2', 0.3],
  ['3.3 * 1.05', 3.465],
  ['warm', null],
  ['', null],
  ['warm + 5', null],
  ['1e999', null],
  // A count of milliseconds: all of its digits count.
  ['1795925373115 + 5', 1795925373120],
  ['0.300000000001 + 1', 1.300000000001],
  ['9007199254740991', 9007199254740991],
  ['9007199254740993', null],
  ['12345678901234567890', null],
  ['9007199254740993 - 1', null],
  ['9007199254740991 + 5', null],
  ['9007199254740991 * 10', null],
])('makes a number of "%s": %s', (filled, number) => {
  const read = evaluateLimitExpression(filled);
  expect(read.ok ? read.value : null).toBe(number);
});

it('checks the known parts of limits, and formats them unchanged', () => {
  const problems = (written: unknown): string[] =>
    [
      ...(recipeLimits.safeParse(written).error?.issues ?? []),
      ...limitContradictions(recipeLimits.safeParse(written).data ?? {}),
    ].map(({ message }) => (typeof message === 'string' ? message : message.en));
  expect(problems({ min: 5, max: '${temp}' })).toEqual([]);
  expect(problems({ min: '${temp}', marginal: { min: '${temp} + 1' } })).toEqual([]);
  expect(problems({ min: 5, max: 4, below: '${temp}' })).toEqual(['min is above max']);
  expect(problems({ max: '${temp} degrees' }).join()).toContain('must be a number, "${variable}"');
  expect(problems({ pattern: '^{macTail}-${lot}$' })).toEqual([]);
  const made = recipeLimits.parse({ min: 5, max: '${temp} + 2' });
  expect(formatLimits(made, '°C')).toBe('5 … ${temp} + 2 °C');
});
