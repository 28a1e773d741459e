import { checkWritten, unroll } from '#shared/recipe/index.ts';

export type Shape = Record<string, unknown>;

export const WORDS = { 'zh-CN': '问', en: 'ask' };
const MAC = [{ text: 'MAC?', expect: '^(?<mac>[0-9A-F]{12})$' }];
export const DESCRIBED = { profile: 'described', identify: MAC };

/** A recipe around some steps, whose unit said who it is before. */
export function written(steps: readonly unknown[], more: Shape = {}): Shape {
  return {
    gongwei: 'recipe/1',
    name: 'r',
    version: '1.0.0',
    title: { 'zh-CN': '工艺', en: 'recipe' },
    product: 'GWDEMO0001',
    serialNumber: { pattern: '.+', example: 'x' },
    device: DESCRIBED,
    phases: [
      { name: 'who', kind: 'setup', steps: [{ verb: 'identify' }] },
      { name: 'main', steps },
    ],
    ...more,
  };
}

/** What is said, without the beginning of places that all of them share. */
export function mistakesIn(steps: readonly unknown[], more: Shape = {}): string[] {
  const { value, issues } = unroll(written(steps, more));
  return [...issues, ...checkWritten(value).mistakes].map((one) => {
    const place = one.path.join('.').replace(/^phases\.1\.steps\.0\.?/, '');
    const key = 'key' in one && one.key !== undefined ? `[${one.key}]` : '';
    return `${place}${key}: ${one.message.en}`;
  });
}

export const ask = (more: Shape): Shape => ({
  verb: 'request',
  text: 'V?',
  expect: '^V=(\\d+) mV$',
  ...more,
});
export const value = (more: Shape): Shape => ({
  verb: 'measure',
  value: '1',
  measure: [{ name: 'v', ...more }],
});
