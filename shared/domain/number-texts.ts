import { both, codedTexts } from '../words/index.ts';

/** Why a text is no number that can be recorded, as the ends of sentences. */
export const numberText = codedTexts({
  'number-none': both('is not a number', '不是数字'),
  'number-with-comma': both('has a comma: a number is written with a point', '含有逗号：小数点写作“.”'),
  'number-not-hex': both('is not a number in hex', '不是十六进制数字'),
  'number-too-large': both('is larger than any number that can be recorded', '大于可记录的最大数字'),
  'number-too-small': both('is smaller than any number that can be recorded', '小于可记录的最小数字'),
  'number-digits': both('has more digits than a number can keep', '位数超出数字可保留的精度'),
  'number-loses-digits': both(
    (value: number) => `has more digits than a number can keep (it would be recorded as ${value})`,
    (value) => `位数超出数字可保留的精度（会被记录为 ${value}）`,
  ),
});
