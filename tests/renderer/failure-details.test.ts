import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FAILURE_DETAILS } from '#shared/words/faults/failure-details.ts';
import { FAULT_DICTIONARIES } from '#shared/words/faults/dictionaries.ts';
import { placeholders } from '#shared/words/index.ts';
import { translatorOf } from './support/words.ts';

const ROOT = join(import.meta.dirname, '../..');
const zh = translatorOf('zh-CN');
const en = translatorOf('en');

it('says the values of a failure in the language of the page', () => {
  const refused = { command: 'AT+TCDEVINFOSET', code: 202 };
  expect(zh.failureDetails('device-rejected', refused)).toBe('指令 AT+TCDEVINFOSET，错误码 202');
  expect(en.failureDetails('device-rejected', refused)).toBe('command AT+TCDEVINFOSET, error code 202');
  const exceeded = { measurement: 'rssi', value: '-81 dBm', limits: '≥ -70 dBm' };
  expect(zh.failureDetails('limit-exceeded', exceeded)).toBe('rssi：-81 dBm（限值 ≥ -70 dBm）');
  expect(zh.failureDetails('limit-exceeded', { command: 'INFO?', value: 'x', limits: '^V' })).toBe(
    '指令 INFO?，收到 x，应符合 ^V',
  );
});

it('ends with the sentence of the fault, which stands after the other values', () => {
  const other = { known: 'SN1', serialNumber: 'SN2', chipId: 'A2B7' };
  expect(zh.failureDetails('serial-conflict', other)).toBe('序列号 SN2，产品 A2B7。记录里这个产品是 SN1。');
  expect(en.failureDetails('serial-conflict', other)).toBe(
    'serial number SN2, unit A2B7. On record this unit is SN1.',
  );
  expect(en.failureDetails('serial-conflict', { known: 'SN1' })).toBe('On record this unit is SN1.');
});

it('says the values of a code that only a later version knows', () => {
  expect(en.failureDetails('code-of-tomorrow', { command: 'AT+X' })).toBe('command AT+X');
  expect(en.faultName('code-of-tomorrow')).toBe('code-of-tomorrow');
});

it('calls an answer that does not match no measured value', () => {
  const answer = { command: 'MAC?', value: 'MAC:12', limits: '^MAC (.*)$' };
  expect(en.fault('limit-exceeded', answer)).toEqual({
    message: 'The unit gave another answer than the recipe requires.',
    action: 'Put it with the bad units.',
    more: 'MAC?: received MAC:12',
  });
  expect(zh.faultName('limit-exceeded', answer)).toBe('产品的应答与工艺要求的不一样');
  expect(zh.fault('limit-exceeded', { value: '42', limits: '^43$' }).more).toBe('收到 42');
  const measured = { measurement: 'rssi', value: '-81 dBm', limits: '≥ -70 dBm' };
  expect(zh.faultName('limit-exceeded', measured)).toBe(zh.faultName('limit-exceeded'));
});

it('says of a unit that the operator found bad what was asked and answered', () => {
  const limits = { measurement: 'light', value: 'fail', limits: '= "pass"' };
  const asked = { ...limits, question: 'Is the light on?', questionZh: '指示灯亮吗？' };
  expect(zh.fault('limit-exceeded', asked)).toEqual({
    message: '操作员判为不合格。',
    action: '请放到不良区。',
    more: '指示灯亮吗？',
  });
  expect(zh.failureDetails('limit-exceeded', asked)).toBe('指示灯亮吗？');
  const chosen = { ...asked, answer: 'Black', answerZh: '黑色' };
  expect(en.failureDetails('limit-exceeded', chosen)).toBe('Is the light on? Black');
  expect(zh.failureDetails('limit-exceeded', chosen)).toBe('指示灯亮吗？ 黑色');
});

it('says nothing of a failure without values, as an earlier version recorded it', () => {
  expect(zh.failureDetails('device-silent', {})).toBeNull();
  expect(zh.failureDetails('device-rejected', { command: null, code: null })).toBeNull();
});

/** Values that only engineers need, who read the English message. */
const TECHNICAL = new Set(
  'atByte because bound bytes cause characteristic crc field file flashBytes max moduleMm answerMs listener name path pid productId reason reasonZh remedy slot step titles to what where why'.split(
    ' ',
  ),
);

it('has words for the values of all faults of devices and steps', async () => {
  const known = new Set([
    ...Object.keys(FAILURE_DETAILS),
    ...Object.values(FAULT_DICTIONARIES['zh-CN']).flatMap(({ more = '' }) => placeholders(more)),
  ]);
  const unknown = new Set<string>();
  for await (const path of glob('station/{devices/**,execution/verbs,identity}/*.ts', { cwd: ROOT })) {
    const source = await readFile(join(ROOT, path), 'utf8');
    for (const [, inside = ''] of source.matchAll(/\bdetails: \{([^{}]*)\}/g))
      for (const part of inside.split(',')) {
        const name = /^\s*(\w+)\s*(?::|$)/.exec(part)?.[1];
        if (name !== undefined && !known.has(name) && !TECHNICAL.has(name)) unknown.add(`${path}: ${name}`);
      }
  }
  expect([...unknown]).toEqual([]);
});
