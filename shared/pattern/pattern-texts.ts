import { both, codedTexts } from '../words/index.ts';

/** Why a text is no pattern that can be used, as the ends of sentences. */
export const patternText = codedTexts({
  'pattern-too-long': both(
    (most: number) => `has more than ${most} characters`,
    (most) => `超过 ${most} 个字符`,
  ),
  'pattern-invalid': both(
    (reason: string, correction: string) =>
      `is not a regular expression${reason === '' ? '' : ` (${reason})`}${correction === '' ? '' : `: ${correction}`}`,
    (reason, correction) =>
      `不是有效的正则表达式${reason === '' ? '' : `（${reason}）`}${correction === '' ? '' : `：${correction}`}`,
  ),
  'pattern-too-deep': both('has groups nested too deep to be matched', '分组嵌套太深，无法匹配'),
  'pattern-repeats': both(
    'repeats too much by its counts: write it with smaller ones',
    '重复次数太大：请写小一些的次数',
  ),
  'pattern-slow': both(
    (reason: string) =>
      `could take too long to match because of ${reason}: write it without, or begin it with ^`,
    (reason) => `因为${reason}，匹配可能太慢：请去掉它，或以 ^ 开头`,
  ),
  'slow-counts': both('its counted repetitions', '计数重复'),
  'slow-reference': both('a reference to what a group matched', '对分组所匹配内容的引用'),
  'slow-flags': both('a change of flags', '标志的切换'),
  'slow-look': both('a group that looks ahead or behind', '带分组的前后查找'),

  'engine-nothing-to-repeat': both('Nothing to repeat', '没有可重复的内容'),
  'engine-group-open': both('Unterminated group', '分组没有结束'),
  'engine-group-closed': both("Unmatched ')'", '多出一个 )'),
  'engine-group-invalid': both('Invalid group', '分组的写法无效'),
  'engine-group-name': both('Invalid capture group name', '分组的名称无效'),
  'engine-group-twice': both('Duplicate capture group name', '分组的名称重复'),
  'engine-class-open': both('Unterminated character class', '字符集没有结束'),
  'engine-class-order': both('Range out of order in character class', '字符集中的范围颠倒'),
  'engine-class-invalid': both('Invalid character class', '字符集的写法无效'),
  'engine-class-character': both('Invalid character in character class', '字符集中有无效的字符'),
  'engine-escape': both('Invalid escape', '转义的写法无效'),
  'engine-unicode-escape': both('Invalid Unicode escape', 'Unicode 转义的写法无效'),
  'engine-class-escape': both('Invalid class escape', '字符集中的转义无效'),
  'engine-decimal-escape': both('Invalid decimal escape', '数字转义无效'),
  'engine-property': both('Invalid property name', '属性名称无效'),
  'engine-property-class': both('Invalid property name in character class', '字符集中的属性名称无效'),
  'engine-reference': both('Invalid named reference', '命名引用无效'),
  'engine-reference-unknown': both('Invalid named capture referenced', '引用了不存在的分组名称'),
  'engine-quantifier': both('Lone quantifier brackets', '单独的量词括号'),
  'engine-quantifier-incomplete': both('Incomplete quantifier', '量词不完整'),
  'engine-quantifier-order': both('numbers out of order in {} quantifier', '{} 量词中的数字颠倒'),
  'engine-end': both('\\ at end of pattern', '以 \\ 结尾'),
  'engine-other': both(
    (reason: string) => reason,
    () => '写法无效',
  ),

  'write-named-group': both('a group with a name is written (?<name>…)', '带名称的分组写作 (?<name>…)'),
  'write-no-flags': both(
    'there are no flags: either letter is written as [Aa]',
    '不支持标志：大小写都可以时写作 [Aa]',
  ),
  'write-classes': both('a digit is written \\d, a letter [A-Za-z]', '数字写作 \\d，字母写作 [A-Za-z]'),
  'write-literal': both(
    (character: string) => `to match a literal ${character}, write \\${character}`,
    (character) => `要匹配字符 ${character} 本身，请写 \\${character}`,
  ),
  'write-group-end': both(
    'a ( is not closed; to match a literal (, write \\(',
    '有一个 ( 没有关闭；要匹配 ( 本身，请写 \\(',
  ),
  'write-group-begin': both(
    'a ) closes nothing; to match a literal ), write \\)',
    '有一个 ) 多余；要匹配 ) 本身，请写 \\)',
  ),
  'write-class-end': both(
    'a [ is not closed; to match a literal [, write \\[',
    '有一个 [ 没有关闭；要匹配 [ 本身，请写 \\[',
  ),
  'write-dash-last': both('write - at the end of [ ], as in [\\w.-]', '请把 - 写在 [ ] 的末尾，如 [\\w.-]'),
  'write-backslash': both('to match a literal \\, write \\\\', '要匹配 \\ 本身，请写 \\\\'),
  'escape-none': both(
    (escaped: string) => `\\${escaped} is no escape: write ${escaped}`,
    (escaped) => `\\${escaped} 不是转义：请写 ${escaped}`,
  ),
  'escape-foreign': both(
    (escaped: string, instead: string) => `\\${escaped} is of another dialect: ${instead}`,
    (escaped, instead) => `\\${escaped} 属于其他方言：${instead}`,
  ),
  'foreign-begin': both('the beginning is ^', '开头写作 ^'),
  'foreign-end': both('the end is $', '结尾写作 $'),
  'foreign-blank': both(
    'a blank or tab is [ \\t], a hexadecimal digit is [0-9A-Fa-f]',
    '空格或制表符写作 [ \\t]，十六进制数字写作 [0-9A-Fa-f]',
  ),
  'foreign-line-break': both('a line break is \\n', '换行写作 \\n'),
  'foreign-quote': both('escape each character with \\\\', '请用 \\\\ 转义每个字符'),
  'foreign-character': both(
    (character: string) => `the character is ${character}`,
    (character) => `该字符写作 ${character}`,
  ),
});

/** Reasons of the engine, by their beginnings, the longer ones first. */
const ENGINE_REASONS = [
  ['Nothing to repeat', 'engine-nothing-to-repeat'],
  ['Unterminated group', 'engine-group-open'],
  ["Unmatched ')'", 'engine-group-closed'],
  ['Invalid group', 'engine-group-invalid'],
  ['Invalid capture group name', 'engine-group-name'],
  ['Duplicate capture group name', 'engine-group-twice'],
  ['Unterminated character class', 'engine-class-open'],
  ['Range out of order in character class', 'engine-class-order'],
  ['Invalid character class', 'engine-class-invalid'],
  ['Invalid character in character class', 'engine-class-character'],
  ['Invalid escape', 'engine-escape'],
  ['Invalid Unicode escape', 'engine-unicode-escape'],
  ['Invalid class escape', 'engine-class-escape'],
  ['Invalid decimal escape', 'engine-decimal-escape'],
  ['Invalid property name in character class', 'engine-property-class'],
  ['Invalid property name', 'engine-property'],
  ['Invalid named reference', 'engine-reference'],
  ['Invalid named capture referenced', 'engine-reference-unknown'],
  ['Lone quantifier brackets', 'engine-quantifier'],
  ['Incomplete quantifier', 'engine-quantifier-incomplete'],
  ['numbers out of order in {} quantifier', 'engine-quantifier-order'],
  ['\\ at end of pattern', 'engine-end'],
] as const;

/** The reason of the engine in both languages. */
export function engineReason(reason: string): ReturnType<typeof patternText> {
  const known = ENGINE_REASONS.find(([english]) => english === reason);
  return known === undefined ? patternText('engine-other', reason) : patternText(known[1]);
}
