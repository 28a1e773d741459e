import { describe, expect, it } from 'vitest';
import {
  checkLabelTemplate,
  countersIn,
  fillLabelText,
  formatDate,
  type LabelValues,
  measurementsIn,
  sampleLabelValues,
} from '../../../shared/label/index.ts';

const VALUES: LabelValues = {
  ...sampleLabelValues([], []),
  measurements: { rssi: '-51 dBm', '{mac}': 'x' },
  counters: { box: 7 },
};

describe('the text of a label', () => {
  it.each([
    ['SN {serialNumber}', 'SN SN00000001'],
    ['{mac} {macHex} {macTail}', 'AA:BB:CC:DD:01:02 AABBCCDD0102 DD0102'],
    ['{measurement:rssi}', '-51 dBm'],
    ['{counter:box,5}/{counter:box}', '00007/7'],
    ['{date:YYYY-MM-DD HH:mm:ss}', '2026-01-31 13:45:09'],
    ['{recipe.title.zh}', '无线模组'],
    ['{"sn":"{serialNumber}"}', '{"sn":"SN00000001"}'],
    ['{}{ mac }{1}', '{}{ mac }{1}'],
    // A value is never filled in again.
    ['{measurement:{mac}}', '{measurement:AA:BB:CC:DD:01:02}'],
  ])('%s is %s', (text, filled) => {
    expect(fillLabelText(text, VALUES)).toEqual({ text: filled, isEmpty: false, missing: [] });
  });

  it('is empty where none of its placeholders has a value', () => {
    const values = { ...VALUES, words: { ...VALUES.words, serialNumber: null, mac: null } };
    expect(fillLabelText('SN {serialNumber} {mac}', values).isEmpty).toBe(true);
    expect(fillLabelText('SN {serialNumber} {deviceName}', values).isEmpty).toBe(false);
    expect(fillLabelText('SN', values).isEmpty).toBe(false);
  });

  it('names what the run lacks', () => {
    const { missing } = fillLabelText('{measurement:power} {counter:pallet}', VALUES);
    expect(missing.map(({ code }) => code)).toEqual(['label-no-measurement', 'label-no-number']);
    expect(missing.map((one) => one['zh-CN'])).toEqual([
      '运行中没有测量项“power”',
      '此次运行还没有计数器“pallet”的编号',
    ]);
    // A name of JavaScript is no measurement.
    expect(fillLabelText('{measurement:constructor}', VALUES).missing).toHaveLength(1);
  });

  it('says which measurements and counters it shows', () => {
    expect(measurementsIn('{measurement:a b} {measurement:c}')).toEqual(['a b', 'c']);
    expect(countersIn('{counter:box,5}{counter:x}')).toEqual(['box', 'x']);
  });
});

describe('a date on a label', () => {
  const at = (year: number, month: number, day: number) => ({
    year,
    month,
    day,
    hour: 0,
    minute: 0,
    second: 0,
  });
  // ISO 8601 weeks, as `date +%V` prints them.
  it.each([
    [at(2021, 1, 3), '53'],
    [at(2021, 1, 4), '01'],
    [at(2024, 12, 30), '01'],
    [at(2026, 12, 31), '53'],
    [at(2027, 1, 3), '53'],
  ])('is in the week of ISO 8601: %o', (time, week) => {
    expect(formatDate('WW', time)).toBe(week);
  });
  it('counts days of the year', () => {
    expect([at(2024, 12, 31), at(2023, 3, 1)].map((time) => formatDate('YYDDD', time))).toEqual([
      '24366',
      '23060',
    ]);
  });
});

describe('the check of a template', () => {
  const template = (...elements: object[]): object => ({
    gongwei: 'label/1',
    name: 'x',
    title: { en: 'x', 'zh-CN': 'x' },
    size: { width: 40, height: 30 },
    elements,
  });
  const box = { x: 1, y: 1, width: 10, height: 10 };
  const codes = (written: unknown): string[] =>
    checkLabelTemplate(written).mistakes.map(({ path, message }) => `${path.join('.')} ${message.code}`);
  const text = (line: string): object => template({ kind: 'text', ...box, lines: [line] });

  it('accepts what fits', () => {
    expect(codes(template({ kind: 'qr', ...box, value: '{deviceCode}' }, { kind: 'line', ...box }))).toEqual(
      [],
    );
    // 39.9 + 0.1 is more than 40 in binary fractions.
    expect(codes(template({ kind: 'box', x: 39.9, y: 0, width: 0.1, height: 30 }))).toEqual([]);
  });

  it.each([
    ['{deviceSecret}'],
    ['{DeviceSecret}'],
    ['{secret}'],
    ['{psk}'],
    ['{productSecret}'],
    ['{mqtt.psk}'],
    ['{password}'],
    ['{token}'],
  ])('refuses a secret: %s', (line) => {
    expect(codes(text(line))).toEqual(['elements.0.lines.0 label-secret']);
    expect(codes(template({ kind: 'qr', ...box, value: line }))).toEqual(['elements.0.value label-secret']);
  });

  it.each([
    ['{serial}', 'label-placeholder', 'did you mean {serialNumber}?'],
    ['{xyz}', 'label-placeholder', '{xyz} is no placeholder'],
    ['{date}', 'label-argument', '{date:YYYY-MM-DD}'],
    ['{date:today}', 'label-argument', '{date:YYYY-MM-DD}'],
    ['{counter:Box}', 'label-argument', '{counter:NAME,5}'],
    ['{mac:6}', 'label-argument', '{mac}'],
    ['${rssi}', 'label-variable', '{measurement:NAME}'],
  ])('explains %s', (line, code, words) => {
    const [mistake] = checkLabelTemplate(text(line)).mistakes;
    expect(mistake?.message.code).toBe(code);
    expect(mistake?.message.en).toContain(words);
    expect(mistake?.message['zh-CN']).toMatch(/[\u4e00-\u9fff]/);
  });

  it.each([
    [
      'beyond the right edge',
      { kind: 'line', x: 31, y: 0, width: 10, height: 1 },
      'elements.0 label-outside',
    ],
    [
      'a size that grows',
      { kind: 'text', ...box, lines: ['x'], size: 2, minSize: 3 },
      'elements.0.minSize label-sizes',
    ],
    ['Chinese in a Code 128', { kind: 'code128', ...box, value: '序' }, 'elements.0.value label-code128'],
  ])('finds %s', (_, element, found) => {
    expect(codes(template(element))).toEqual([found]);
  });

  it('takes few pictures, because a small file may hold a large one', () => {
    const pictures = Array.from({ length: 5 }, () => ({ kind: 'image', ...box, png: 'AAAA' }));
    expect(codes(template(...pictures))).toEqual(['elements.4 label-pictures']);
  });

  it('finds two elements of one id, and what is no element', () => {
    const line = { kind: 'line', id: 'a', ...box };
    expect(codes(template(line, line))).toEqual(['elements.1.id label-id-twice']);
    expect(codes(template({ kind: 'circle', ...box }))).toHaveLength(1);
    expect(codes(template({ kind: 'line', ...box, colour: 'red' }))).toHaveLength(1);
    expect(codes(null)).not.toEqual([]);
  });
});
