import { type ParsedRecipe, parseRecipe } from '#station';

/** A step about every 100 ms on one slot: an exchange with the unit and a rest, in turn. */
const PAIRS_OF_STEPS = 40;
const REST_MS = 150;

/** How a run ends: PASS, FAIL by a limit, or PASS after an answer of the operator. */
export type EndOfRun = 'pass' | 'fail' | 'ask';

/** A recipe whose runs show a new step ten times a second, for about eight seconds. */
export function tickingRecipe(end: EndOfRun, pairs = PAIRS_OF_STEPS): ParsedRecipe {
  const last = {
    pass: '',
    fail: `      - { verb: measure, name: last, value: '9', measure: [{ name: voltage, as: number, unit: V, limits: { max: 5 } }] }`,
    ask: '      - { verb: prompt, kind: confirm, name: last, ask: { zh-CN: 请检查指示灯, en: Check the light } }',
  }[end];
  const pair = (at: number): string =>
    `      - { verb: at-command, name: s${at}, send: AT+TCMODULE }
      - { verb: wait, name: w${at}, ms: ${REST_MS} }`;
  const text = `gongwei: recipe/1
name: ticking-${end}
version: 1.0.0
title: { zh-CN: 每秒十步, en: Ten steps a second }
product: CS0SLTKSYA
serialNumber: { pattern: 'SN\\d{8}', example: SN00000001 }
device: { profile: at-module, region: ap-guangzhou, serial: { baudRate: 115200 } }
phases:
  - name: test
    steps:
      - { verb: identify }
${Array.from({ length: pairs }, (_, at) => pair(at)).join('\n')}
${last}
`;
  return parseRecipe(text, `ticking-${end}`);
}
