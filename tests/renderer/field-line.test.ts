import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlCodeIn } from '../../renderer/src/services/scanner/control-code.ts';
import {
  changeField,
  EMPTY_LINE,
  type FieldLine,
  keyInField,
  nextFieldSettleAtMs,
  settleField,
} from '../../renderer/src/services/scanner/field-line.ts';
import { SINGLE_KEY_MS, UNENDED_MS } from '#shared/domain/scan/index.ts';
import type { ScanEffect } from '../../renderer/src/services/scanner/scan-effect.ts';
import { withoutTimes } from './support/without-times.ts';

/** A field with a simulated browser: keys that are not handled are written. */
function writing() {
  let line: FieldLine = EMPTY_LINE;
  let nowMs = 1_000;
  const effects: ScanEffect[] = [];
  return {
    /** The effects of keys, without their times. */
    get effects() {
      return effects.map(withoutTimes);
    },
    get text() {
      return line.text;
    },
    get ended() {
      return line.ended;
    },
    press(key: string, afterMs: number, more: { repeat?: boolean; modified?: boolean } = {}) {
      nowMs += afterMs;
      const typed = keyInField(line, { key, atMs: nowMs, repeat: false, modified: false, ...more });
      line = typed.line;
      effects.push(...typed.effects);
      if (!typed.taken && more.modified !== true && [...key].length === 1) this.becomes(line.text + key);
      if (!typed.taken && key === 'Backspace') this.becomes(line.text.slice(0, -1));
      return typed.taken;
    },
    /** The text that the browser has written. */
    becomes(text: string) {
      const changed = changeField(line, text, nowMs);
      line = changed.line;
      effects.push(...changed.effects);
    },
    wait(ms: number) {
      nowMs += ms;
      const settled = settleField(line, nowMs);
      line = settled.line;
      effects.push(...settled.effects);
    },
    waits: () => nextFieldSettleAtMs(line) !== null,
  };
}

describe('a field that is written in', () => {
  const word = fc.string({ unit: fc.constantFrom(...'ABab019-_/电池批号'), minLength: 1, maxLength: 30 });

  it('gives what a scanner typed as a scan, and is empty for the next', () => {
    fc.assert(
      fc.property(word, fc.integer({ min: 0, max: SINGLE_KEY_MS - 1 }), (text, gapMs) => {
        const field = writing();
        for (const char of text) field.press(char, gapMs);
        field.press('Enter', gapMs);
        field.press('Enter', 1);
        expect(field.effects).toEqual([{ kind: 'line', text, ended: true }]);
        expect(field.text).toBe('');
      }),
    );
  });

  it('gives what a person wrote as written, and keeps it until it was taken', () => {
    fc.assert(
      fc.property(word, fc.integer({ min: SINGLE_KEY_MS, max: 60_000 }), (text, gapMs) => {
        const field = writing();
        for (const char of text) field.press(char, gapMs);
        field.press('Tab', gapMs);
        field.press('Enter', gapMs);
        expect(field.effects).toEqual([{ kind: 'tab' }, { kind: 'typed-text', text }]);
        expect(field.text).toBe(text);
      }),
    );
  });

  it('leaves the caret and corrections to the browser, and takes what is a command everywhere', () => {
    const field = writing();
    field.press('A', 0);
    const left = ['ArrowLeft', 'ArrowRight', 'Home', 'End', 'Backspace', 'Delete', 'Shift'];
    expect(left.filter((key) => field.press(key, 5))).toEqual([]);
    expect(field.press('a', 200, { modified: true })).toBe(false);
    expect(field.press('F6', 5)).toBe(true);
    field.press('B', 5);
    field.press('Enter', 5);
    field.press('Escape', 500);
    field.press('Escape', 500);
    expect(field.effects).toEqual([
      { kind: 'key', key: 'F6' },
      // Corrected, which a scanner does not.
      { kind: 'typed-text', text: 'B' },
      { kind: 'cleared', by: 'escape' },
      { kind: 'escape' },
    ]);
  });

  it('takes a single Space for a command, and one that something follows for a character', () => {
    const field = writing();
    field.press(' ', 0);
    field.press(' ', 5, { repeat: true });
    expect(field.waits()).toBe(true);
    field.wait(SINGLE_KEY_MS);
    expect(field.text).toBe('');
    field.press('A', 900);
    field.press(' ', 900);
    field.press('B', 900);
    field.press('Enter', 900);
    expect(field.effects).toEqual([{ kind: 'space' }, { kind: 'typed-text', text: 'A B' }]);
  });
});

describe('a scanner that types into a field', () => {
  it('and sends no end is told so; what it typed stays until somebody ends it', () => {
    const field = writing();
    for (const char of 'LOT-7') field.press(char, 6);
    field.wait(UNENDED_MS);
    field.wait(UNENDED_MS);
    expect([field.effects, field.text]).toEqual([[{ kind: 'unended' }], 'LOT-7']);
    field.press('Enter', 2_000);
    expect(field.effects.slice(1)).toEqual([{ kind: 'typed-text', text: 'LOT-7' }]);
  });

  it.each([60, 100, 150])('at %d ms a key is a scanner, its second line end and suffix included', (gapMs) => {
    for (const ends of [
      ['Enter', 'Enter'],
      ['Tab', 'Enter'],
      ['Enter', 'Tab'],
      ['Enter', ' '],
    ]) {
      const field = writing();
      for (const char of 'LOT-7') field.press(char, gapMs);
      for (const end of ends) field.press(end, gapMs);
      field.wait(SINGLE_KEY_MS + 200);
      expect(field.effects, ends.join()).toEqual([{ kind: 'line', text: 'LOT-7', ended: true }]);
    }
  });
});

it('keeps the separators of a GS1 code that is typed into a field', () => {
  const field = writing();
  for (const char of ']d210LOT7') field.press(char, 6);
  expect(field.press(']', 6, { modified: true })).toBe(true);
  for (const char of '21ZK1') field.press(char, 6);
  field.press('Enter', 6);
  expect(field.effects).toEqual([{ kind: 'line', text: ']d210LOT7\u001d21ZK1', ended: true }]);
});

describe('a code of the command card', () => {
  it('has an Enter of its own, which does not send what was written before it', () => {
    const after: FieldLine = {
      ...EMPTY_LINE,
      text: '电池',
      firstKeyAtMs: 0,
      lastKeyAtMs: 1_000,
      typedByPerson: true,
      ended: true,
    };
    const enter = (atMs: number) => keyInField(after, { key: 'Enter', atMs, repeat: false, modified: false });
    expect([enter(1_010), enter(2_500)].map(({ effects, taken }) => [effects, taken])).toEqual([
      [[], true],
      [[], true],
    ]);
    expect(enter(9_000).effects).toMatchObject([{ kind: 'typed-text', text: '电池', firstKeyAtMs: 0 }]);
  });

  it('is found behind whatever was written, also when an input method widened it', () => {
    expect(controlCodeIn('#GW#STOP#')).toEqual({ before: '', code: '#GW#STOP#' });
    expect(controlCodeIn('电池#gw#slot,3#')).toEqual({ before: '电池', code: '#gw#slot,3#' });
    expect(controlCodeIn('＃ＧＷ＃CHOICE，red＃')).toEqual({ before: '', code: '#GW#CHOICE,red#' });
    for (const text of ['', '#GW#STOP', '#GW#', 'GW#STOP#', '#1#', '#GW#STOP# ', '批号#7#'])
      expect(controlCodeIn(text), text).toBe(null);
  });
});

describe('what goes out of a field without being sent', () => {
  const discarded = (text: string): object => ({ kind: 'discarded', text });
  const typed = (text: string) => {
    const field = writing();
    for (const char of text) field.press(char, 8);
    return field;
  };

  it('is told when a person deletes it key by key, once, and again after more was typed', () => {
    const field = typed('SN0001');
    for (let press = 0; press < 4; press++) field.press('Backspace', 200);
    expect(field.effects).toEqual([discarded('SN0001')]);
    for (const char of '0002') field.press(char, 8);
    field.press('Backspace', 200);
    expect(field.effects).toEqual([discarded('SN0001'), discarded('SN0002')]);
  });

  it('is told when something else is written over it, and when Escape empties the field', () => {
    const field = typed('SN0001');
    field.becomes('x');
    expect(field.effects).toEqual([discarded('SN0001')]);
    const other = typed('SN0003');
    other.press('Escape', 500);
    expect(other.effects).toEqual([discarded('SN0003'), { kind: 'cleared', by: 'escape' }]);
  });

  it('is not told of a bumped key', () => {
    const field = typed('ab');
    field.press('Backspace', 200);
    expect(field.effects).toEqual([]);
  });
});

it('knows that a line written by hand has ended: a Tab at once is its second end, an Enter sends it again', () => {
  const field = writing();
  for (const char of 'lot 7') field.press(char, 400);
  field.press('Enter', 400);
  expect(field.ended).toBe(true);
  field.press('Tab', 150);
  expect(field.effects).toEqual([{ kind: 'typed-text', text: 'lot 7' }]);
  field.press('Enter', 150);
  expect(field.effects).toHaveLength(2);
  field.press('Tab', 1_000);
  expect(field.effects.at(-1)).toEqual({ kind: 'tab' });
});
