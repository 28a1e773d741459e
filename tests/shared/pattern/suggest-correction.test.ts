import { expect, it } from 'vitest';
import { patternProblem } from '#shared/pattern/index.ts';

it.each<[string, string]>([
  ['^V (?P<v>\\d+)$', 'a group with a name is written (?<name>…)'],
  ['(?i)^ok$', 'there are no flags: either letter is written as [Aa]'],
  ['^V ([[:digit:]]+)$', 'a digit is written \\d, a letter [A-Za-z]'],
  ['+CSQ: (\\d+)', 'to match a literal +, write \\+'],
  ['^OK (*|+)', 'to match a literal *, write \\*'],
  ['^*READY', 'to match a literal *, write \\*'],
  ['^{"t":(\\d+)}$', 'to match a literal {, write \\{'],
  ['^T=(\\d+)]$', 'to match a literal ], write \\]'],
  ['^SC\\-(\\d+)$', '\\- is no escape: write -'],
  ['^T\\:(\\d+)$', '\\: is no escape: write :'],
  ['^T=(\\d+)\\Z', '\\Z is of another dialect: the end is $'],
  ['\\AT', '\\A is of another dialect: the beginning is ^'],
  ['^T(\\d+', 'a ( is not closed; to match a literal (, write \\('],
  ['^T\\d+)', 'a ) closes nothing; to match a literal ), write \\)'],
  ['^[T', 'a [ is not closed; to match a literal [, write \\['],
  ['^[\\w-.]+$', 'write - at the end of [ ], as in [\\w.-]'],
  ['^A\\', 'to match a literal \\, write \\\\'],
])('tells what is right in place of %s', (source, right) => {
  const [what, said] = (patternProblem(source)?.en ?? '').split('): ');
  expect(what).toMatch(/^is not a regular expression \(/);
  expect(said).toBe(right);
});

it.each(['^\\[\\{\\(\\+\\*\\?\\.\\^\\$\\|\\/\\\\$', '[\\-\\]]', '\\u{1F600}\\p{L}\\x41\\cA\\0'])(
  'takes the escapes there are: %s',
  (source) => expect(patternProblem(source)).toBeNull(),
);
