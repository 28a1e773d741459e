import { expect, it } from 'vitest';
import { patternProblem } from '#shared/pattern/index.ts';

it.each<[string, string]>([
  ['^V (?P<v>\\d+)$', 'a group with a name is written (?<name>…)'],
  ['(?i)^ok$', 'there are no flags: either letter is written as [Aa]'],
  ['^V ([[:digit:]]+)$', 'a digit is written \\d, a letter [A-Za-z]'],
  ['+CSQ: (\\d+)', 'a + that the unit says is written \\+'],
  ['^OK (*|+)', 'a * that the unit says is written \\*'],
  ['^*READY', 'a * that the unit says is written \\*'],
  ['^{"t":(\\d+)}$', 'a { that the unit says is written \\{'],
  ['^T=(\\d+)]$', 'a ] that the unit says is written \\]'],
  ['^SC\\-(\\d+)$', '\\- is no escape: write -'],
  ['^T\\:(\\d+)$', '\\: is no escape: write :'],
  ['^T=(\\d+)\\Z', '\\Z is of another dialect: the end of a line is $'],
  ['\\AT', '\\A is of another dialect: the beginning of a line is ^'],
  ['^T(\\d+', 'a ( is not closed, or one that the unit says is written \\('],
  ['^T\\d+)', 'a ) closes nothing, or one that the unit says is written \\)'],
  ['^[T', 'a [ is not closed, or one that the unit says is written \\['],
  ['^[\\w-.]+$', 'a - in [ ] stands at its end, as [\\w.-]'],
  ['^A\\', 'a \\ that the unit says is written \\\\'],
])('tells what is right in place of %s', (source, right) => {
  const [what, said] = (patternProblem(source) ?? '').split('): ');
  expect(what).toMatch(/^is not a regular expression \(/);
  expect(said).toBe(right);
});

it.each(['^\\[\\{\\(\\+\\*\\?\\.\\^\\$\\|\\/\\\\$', '[\\-\\]]', '\\u{1F600}\\p{L}\\x41\\cA\\0'])(
  'takes the escapes there are: %s',
  (source) => expect(patternProblem(source)).toBeNull(),
);
