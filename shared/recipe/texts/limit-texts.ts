import { both } from '../../words/index.ts';

/** Texts about limits that no value meets. */
export const limitTexts = {
  'scale-of-text': both(
    'multiplies a number, and the value is a text: write as: number beside it',
    '用于乘数字，而此值是文本：请在旁边写 as: number',
  ),
  'scale-zero': both('makes 0 of every value', '会把所有值变成 0'),
  'limit-of-number-name': both(
    (key: string) => `${key} is a limit of a number, and the value is a name of a table`,
    (key) => `${key} 是数字的限值，而此值是表中的名称`,
  ),
  'limit-of-number-text': both(
    (key: string, remedy: string) =>
      `${key} is a limit of a number, and the value is a text: write ${remedy} beside it`,
    (key, remedy) => `${key} 是数字的限值，而此值是文本：请在旁边写 ${remedy}`,
  ),
  'limit-text': both(
    (value: string) => `the value is a text and never ${value}: write equals: '${value}'`,
    (value) => `此值是文本，不会是 ${value}：请写 equals: '${value}'`,
  ),
  'limit-text-or-number': both(
    (value: string, remedy: string) =>
      `the value is a text and never ${value}: write equals: '${value}', or ${remedy} beside it`,
    (value, remedy) => `此值是文本，不会是 ${value}：请写 equals: '${value}'，或在旁边写 ${remedy}`,
  ),
  'limit-number': both(
    (value: string) => `the value is a number and never ${value}`,
    (value) => `此值是数字，不会是${value}`,
  ),
  'limit-number-write': both(
    (value: string, number: number) => `the value is a number and never ${value}: write equals: ${number}`,
    (value, number) => `此值是数字，不会是${value}：请写 equals: ${number}`,
  ),
  'value-the-text': both(
    (value: string) => `the text "${value}"`,
    (value) => `文本“${value}”`,
  ),
  'value-boolean': both(
    (value: string) => value,
    (value) => ` ${value}`,
  ),
  'limits-empty': both(
    'has no limit in it: write one, or leave limits out',
    '没有任何限值：请写一个，或去掉 limits',
  ),
  'limit-percent-of-zero': both(
    'every percentage of 0 is 0: write min and max',
    '0 的任何百分比都是 0：请写 min 和 max',
  ),
  'limit-marginal-all': both('marks every value that passes', '会把每个合格的值都标为临界'),
  'limit-none-within': both(
    (bound: number) => `no number is within them: ${bound} itself is not included`,
    (bound) => `没有数字满足：不包含 ${bound} 本身`,
  ),
  'level-none-within': both('a level is 0 or 1, and neither is within them', '电平只有 0 或 1，两者都不满足'),
  'level-never': both(
    (value: number) => `a level is 0 or 1, never ${value}`,
    (value) => `电平只有 0 或 1，不会是 ${value}`,
  ),
  'limit-equals-outside': both(
    (value: number) => `${value} is outside of the other limits`,
    (value) => `${value} 超出了其他限值`,
  ),
  'limit-equals-pattern': both(
    (value: string) => `${value} does not match the pattern beside it`,
    (value) => `${value} 与旁边的 pattern 不符`,
  ),
  'limit-relative-above': both(
    (low: string, high: string, variable: string) =>
      `${low} is above ${high}, for every value of ${variable}`,
    (low, high, variable) => `无论 ${variable} 为何值，${low} 都大于 ${high}`,
  ),
  'limit-relative-none': both(
    (low: string, high: string, variable: string) =>
      `no number is within them, for every value of ${variable}: ${low} and ${high} do not include it`,
    (low, high, variable) => `无论 ${variable} 为何值，都没有数字满足：${low} 和 ${high} 不包含边界`,
  ),
};
