import { expect, it } from 'vitest';
import { blankLiterals } from '../../../../station/execution/scripts/blank-literals.ts';

it.each<[string, string]>([
  ['a(\'b\', "c")', 'a(\' \', " ")'],
  ["'it\\'s' + x", "'     ' + x"],
  ['a // b\nc /* d\ne */ f', 'a     \nc     \n     f'],
  ['`a ${b + `c ${d}`} e` + f', '`  ${b + `  ${d}`}  ` + f'],
  ['`a ${ { b: { c: 1 } } } d`', '`  ${ { b: { c: 1 } } }  `'],
  ['f(/a"[/]b/u, c / d / e)', 'f(/      /u, c / d / e)'],
  ['x = a / b; y = "/"; z = /\'/', 'x = a / b; y = " "; z = / /'],
  ['return /\\/x/.test(y)', 'return /   /.test(y)'],
  ['`not closed ${a', '`           ${a'],
  ["'not closed\nb", "'         d\nb"],
])('blanks the contents of strings, templates, comments and regular expressions in %j', (code, masked) => {
  expect(blankLiterals(code)).toBe(masked);
  expect(masked.length).toBe(code.length);
});

it('ends on a long and hostile text', () => {
  for (const part of ['`${', "'", '/*', '/[', '\\', '{', '`', '/a'])
    expect(blankLiterals(part.repeat(50_000)).length).toBe(part.length * 50_000);
});
