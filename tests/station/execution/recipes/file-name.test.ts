import { expect, test } from 'vitest';
import { isFileName } from '../../../../station/execution/recipes/index.ts';

test.each(['a.png', 'help/a.png', 'help/_shared/types.d.ts', 'a-1/b_2/c.3'])(
  '%s may name a file of a recipe',
  (name) => {
    expect(isFileName(name)).toBe(true);
  },
);

test.each([
  'a//b',
  'a/./b',
  'a/.',
  'a/',
  '/a',
  '.',
  '..',
  'a/../b',
  'a..b',
  './a',
  'a/.hidden',
  'a/-b',
  'a\\b',
  'C:a',
  '',
  'a\n',
])('%j may not: one file would have several names, or lie elsewhere', (name) => {
  expect(isFileName(name)).toBe(false);
});
