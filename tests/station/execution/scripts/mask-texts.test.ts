import { expect, it } from 'vitest';
import { maskTexts } from '../../../../station/execution/scripts/mask-texts.ts';

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
])('takes what texts say out of %j', (code, masked) => {
  expect(maskTexts(code)).toBe(masked);
  expect(masked.length).toBe(code.length);
});

it('reads a long and hostile text in time that grows with it', () => {
  for (const part of ['`${', "'", '/*', '/[', '\\', '{', '`', '/a'])
    expect(maskTexts(part.repeat(50_000)).length).toBe(part.length * 50_000);
});
