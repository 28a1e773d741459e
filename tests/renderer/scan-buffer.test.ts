import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINE_END_MS, UNENDED_MS } from '#shared/domain/scan/index.ts';
import {
  DELETING_MS,
  EMPTY_BUFFER,
  nextSettleAtMs,
  type ScanBuffer,
  settle,
  STALE_MS,
  typeKey,
} from '../../renderer/src/services/scanner/scan-buffer.ts';
import type { ScanEffect, ScanKey } from '../../renderer/src/services/scanner/scan-effect.ts';
import { withoutTimes } from './support/without-times.ts';

const line = (text: string, ended = true): object => ({ kind: 'line', text, ended });
const discarded = (text: string): object => ({ kind: 'discarded', text });

/** A keyboard under test: keys go in with their times, effects are kept. `timers` says whether time is watched. */
function keyboard(timers: boolean) {
  let buffer: ScanBuffer = EMPTY_BUFFER;
  let nowMs = 0;
  let digits = false;
  let letters = '';
  const effects: ScanEffect[] = [];

  function advance(ms: number): void {
    nowMs += ms;
    const atMs = nextSettleAtMs(buffer, { digits, letters });
    if (!timers || atMs === null || atMs > nowMs) return;
    const settled = settle(buffer, atMs, { digits, letters });
    buffer = settled.buffer;
    effects.push(...settled.effects);
  }
  function press(key: string, options: Partial<ScanKey> = {}): boolean {
    const typed = typeKey(
      buffer,
      { key, atMs: nowMs, repeat: false, modified: false, ...options },
      { digits, letters },
    );
    buffer = typed.buffer;
    effects.push(...typed.effects);
    return typed.taken;
  }
  return {
    effects,
    get plain() {
      return effects.map(withoutTimes);
    },
    advance,
    press,
    set digits(on: boolean) {
      digits = on;
    },
    set letters(on: string) {
      letters = on;
    },
    get text() {
      return buffer.text;
    },
    type(text: string, gapMs = 5): void {
      for (const char of text) {
        press(char);
        advance(gapMs);
      }
    },
    /** Long enough for everything that waits to be decided, also without a timer. */
    rest(): void {
      advance(LINE_END_MS + 1);
      const settled = settle(buffer, nowMs, { digits, letters });
      buffer = settled.buffer;
      effects.push(...settled.effects);
    },
  };
}

const label = fc
  .string({
    unit: fc.constantFrom(...'ABCXYZabc0123456789 -_:;,.#/+=工位三元组'),
    minLength: 2,
    maxLength: 40,
  })
  .filter((text) => text.trim() !== '');
const noise = fc.constantFrom('Shift', 'CapsLock', 'Control', 'overlay', 'F2', 'ctrl+j');

/** What happens at a station, in any order: scans with all that can come between their characters, and commands. */
const happening = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('scan' as const),
      text: label,
      gapsMs: fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 40 }),
      noise: fc.array(fc.tuple(fc.nat(39), noise), { maxLength: 4 }),
      end: fc.constantFrom('Enter', 'Tab', 'Enter Enter', 'Tab Enter', 'Enter Tab Enter'),
      endGapMs: fc.integer({ min: 0, max: 200 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('space' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('escape' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('enter' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('overlay' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('pause' as const), ms: fc.integer({ min: 0, max: 60_000 }) }),
  },
);

describe('the scan buffer', () => {
  it('gives every scanned line whole, whatever comes between its characters and around it', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 12 }), fc.boolean(), (happenings, timers) => {
        const keys = keyboard(timers);
        let overlay = false;
        const toggle = (): void => {
          overlay = !overlay;
          keys.digits = overlay;
        };
        const disturb = (what: string): void => {
          if (what === 'overlay') toggle();
          else if (what === 'ctrl+j') keys.press('j', { modified: true });
          else keys.press(what);
        };
        const expected: string[] = [];
        for (const now of happenings) {
          switch (now.kind) {
            case 'scan': {
              [...now.text].forEach((char, index) => {
                for (const [at, what] of now.noise) if (at === index) disturb(what);
                keys.press(char);
                keys.advance(now.gapsMs[index % now.gapsMs.length] ?? 0);
              });
              for (const end of now.end.split(' ')) {
                keys.press(end);
                keys.advance(now.endGapMs);
              }
              expected.push(`line ${now.text}`);
              break;
            }
            case 'space':
              keys.press(' ');
              expected.push('space');
              break;
            case 'escape':
              keys.press('Escape');
              expected.push('escape');
              break;
            case 'enter':
              keys.press('Enter');
              expected.push('enter');
              break;
            case 'overlay':
              toggle();
              break;
            case 'pause':
              keys.advance(now.ms);
              break;
          }
          keys.rest();
        }
        const seen = keys.effects
          .filter(({ kind }) => kind !== 'key' && kind !== 'unended')
          .map((effect) => (effect.kind === 'line' ? `line ${effect.text}` : effect.kind));
        expect(seen).toEqual(expected);
        expect(keys.text).toBe('');
      }),
      { numRuns: 400 },
    );
  });

  it('takes a single digit as a command only where something is numbered', () => {
    const keys = keyboard(true);
    keys.digits = true;
    keys.press('3');
    keys.rest();
    expect(keys.plain).toEqual([{ kind: 'digit', digit: 3 }]);
    keys.digits = false;
    keys.press('3');
    keys.rest();
    expect(keys.text).toBe('3');
  });

  it('takes a single letter as an answer only where one is asked for, and never the beginning of a scan', () => {
    const keys = keyboard(true);
    keys.letters = 'yn';
    keys.press('Y');
    keys.rest();
    expect(keys.plain).toEqual([{ kind: 'letter', letter: 'y' }]);
    keys.type('NX000001');
    keys.press('Enter');
    keys.rest();
    keys.press('x');
    keys.rest();
    expect(keys.plain.slice(1)).toEqual([line('NX000001')]);
    expect(keys.text).toBe('x');
  });

  it('takes Backspace for an answer only when it has nothing to do with what was typed', () => {
    const keys = keyboard(true);
    keys.type('S');
    for (let count = 0; count < 4; count++) {
      keys.advance(120);
      keys.press('Backspace');
    }
    expect(keys.effects).toEqual([]);
    keys.advance(DELETING_MS);
    keys.press('Backspace', { repeat: true });
    expect(keys.effects).toEqual([]);
    keys.advance(DELETING_MS);
    keys.press('Backspace');
    keys.rest();
    expect(keys.plain).toEqual([{ kind: 'backspace' }]);
  });

  it('tells Tab alone from the end of a scan', () => {
    const keys = keyboard(true);
    keys.type('SN1');
    keys.press('Tab');
    keys.press('Tab');
    expect(keys.plain).toEqual([line('SN1')]);
    keys.rest();
    keys.press('Tab');
    keys.rest();
    expect(keys.plain.at(-1)).toEqual({ kind: 'tab' });
  });

  it('leaves Space and Escape to a scan in progress', () => {
    const keys = keyboard(true);
    keys.type('SN 1');
    expect(keys.effects).toEqual([]);
    keys.press('Escape');
    expect(keys.plain).toEqual([discarded('SN 1'), { kind: 'cleared', by: 'escape' }]);
    keys.press('Escape');
    expect(keys.effects.at(-1)).toEqual({ kind: 'escape' });
  });

  it('does not repeat a command while its key is held', () => {
    const keys = keyboard(true);
    keys.press(' ');
    for (let count = 0; count < 30; count++) {
      keys.advance(33);
      expect(keys.press(' ', { repeat: true })).toBe(true);
    }
    keys.press('Escape');
    keys.press('Escape', { repeat: true });
    expect(keys.effects.map((effect) => effect.kind)).toEqual(['space', 'escape']);
  });

  it('forgets a bumped key after a while, and says so', () => {
    const keys = keyboard(true);
    keys.press('x');
    keys.advance(STALE_MS + 1);
    expect(keys.plain).toEqual([{ kind: 'cleared', by: 'time' }]);
    expect(keys.text).toBe('');
  });

  it('corrects typing with Backspace and leaves the browser its own keys', () => {
    const keys = keyboard(true);
    keys.type('SN1工');
    keys.press('Backspace');
    keys.press('Enter');
    expect(keys.plain).toEqual([discarded('SN1工'), line('SN1')]);
    expect(keys.press('F5')).toBe(false);
    keys.advance(1000);
    expect(keys.press('c', { modified: true })).toBe(false);
  });

  it('keeps control characters of the scanner from the browser', () => {
    const keys = keyboard(true);
    keys.type('SN1');
    expect(keys.press('j', { modified: true })).toBe(true);
    keys.press('Enter');
    expect(keys.press('j', { modified: true })).toBe(true);
  });

  it.each([4, 30, 60, 100, 150, 200])(
    'takes two line ends at %d ms a key for one, and so the end of a prefix',
    (gapMs) => {
      for (const ends of [
        ['Enter', 'Enter'],
        ['Enter', 'Tab'],
        ['Tab', 'Enter', 'Enter'],
        ['Enter', ' '],
      ]) {
        const keys = keyboard(true);
        keys.letters = 'yn';
        keys.press('Enter');
        keys.advance(gapMs);
        keys.type('NX000001', gapMs);
        for (const end of ends) {
          keys.press(end);
          keys.advance(gapMs);
        }
        keys.rest();
        expect(keys.plain, `${ends.join()} at ${gapMs}`).toEqual([line('NX000001')]);
      }
    },
  );

  it('says when a key was pressed, not when it was believed', () => {
    const keys = keyboard(true);
    keys.advance(5_000);
    keys.press('Enter');
    keys.advance(120);
    keys.press('Enter');
    keys.rest();
    expect(keys.effects).toEqual([{ kind: 'enter', atMs: 5_000 }]);
    keys.type('SN1', 10);
    keys.press('Enter');
    expect(keys.effects.at(-1)).toMatchObject({ kind: 'line', firstAtMs: 5_521, lastAtMs: 5_551 });
  });

  it('chooses by no digit that came right behind another key: a person cut a code into two', () => {
    const keys = keyboard(true);
    keys.digits = true;
    for (const key of ['4', 'Enter', '2', 'Enter']) {
      keys.press(key);
      keys.advance(4);
    }
    keys.rest();
    expect(keys.plain).toEqual([line('2')]);
  });

  it('chooses by a digit that Enter follows, as people type it', () => {
    const keys = keyboard(true);
    keys.digits = true;
    keys.press('2');
    keys.advance(150);
    keys.press('Enter');
    keys.rest();
    expect(keys.plain).toEqual([{ kind: 'digit', digit: 2 }]);
  });
});

describe('a scan behind something that was left', () => {
  it.each([
    ['two bumped keys', 'jk', 400],
    ['a scan of a slow scanner without a line end', 'SN000001', 100],
    ['a line that a person began', 'sn00', 250],
  ])('is read alone behind %s', (_what, left, gapMs) => {
    const keys = keyboard(true);
    keys.type('SN000007', 8);
    keys.press('Enter');
    keys.rest();
    keys.type(left, gapMs);
    keys.advance(1_500);
    keys.type('SN000002', 8);
    keys.press('Enter');
    keys.rest();
    const lines = keys.plain.filter((effect) => 'text' in effect);
    const told = left.length < 3 ? [] : [discarded(left)];
    expect(lines).toEqual([line('SN000007'), ...told, line('SN000002')]);
    expect(keys.plain).toContainEqual({ kind: 'cleared', by: 'time' });
  });

  it('tells when the last key of what was left came, however much was typed since', () => {
    const keys = keyboard(true);
    keys.type('SN000001', 100);
    const before = keys.effects.length;
    keys.advance(1_500);
    keys.type('SN000002', 8);
    const told = keys.effects.slice(before).find(({ kind }) => kind === 'discarded');
    expect(told).toMatchObject({ text: 'SN000001', firstAtMs: 0, lastAtMs: 700 });
  });

  it('tells once what a person deletes key by key', () => {
    const keys = keyboard(true);
    keys.type('SN01', 50);
    for (let press = 0; press < 3; press++) keys.press('Backspace');
    keys.type('N02', 50);
    keys.press('Backspace');
    expect(keys.plain).toEqual([discarded('SN01'), discarded('SN02')]);
  });

  it('is what a person goes on with, when a person types it', () => {
    const keys = keyboard(true);
    keys.type('SN00', 250);
    keys.advance(2_000);
    keys.type('0002', 60);
    keys.press('Enter');
    expect(keys.plain.at(-1)).toEqual(line('SN000002'));
  });
});

describe('a scanner that sends no line end', () => {
  it('is heard after a pause, when it types as only a scanner does', () => {
    const keys = keyboard(true);
    keys.type('SN000001', 8);
    keys.advance(UNENDED_MS);
    expect(keys.plain).toEqual([line('SN000001', false)]);
    expect(keys.text).toBe('');
  });

  it('is not when another line has ended with Enter: then a pause may be the middle of a line', () => {
    const keys = keyboard(true);
    keys.type('SN000001', 8);
    keys.press('Enter');
    keys.rest();
    keys.type('SN0000', 8);
    keys.advance(UNENDED_MS);
    expect(keys.plain.slice(1)).toEqual([{ kind: 'unended' }]);
    keys.type('02', 8);
    keys.press('Enter');
    expect(keys.plain.at(-1)).toEqual(line('SN000002'));
  });

  it('is told what is missing when it may be a person, whose line stays', () => {
    const keys = keyboard(true);
    keys.type('SN000001', 90);
    keys.advance(10_000);
    expect(keys.plain).toEqual([{ kind: 'unended' }]);
    expect(keys.text).toBe('SN000001');
    keys.press('Enter');
    expect(keys.plain.at(-1)).toEqual(line('SN000001'));
  });

  it('never makes a line of what a person types slowly, nor of a bumped key', () => {
    fc.assert(
      fc.property(label, fc.integer({ min: 41, max: 280 }), (text, gapMs) => {
        const keys = keyboard(true);
        keys.type(text, gapMs);
        keys.advance(14_000);
        expect(keys.effects.filter(({ kind }) => kind === 'line')).toEqual([]);
      }),
    );
    const keys = keyboard(true);
    keys.type('ab', 3);
    keys.advance(14_000);
    expect(keys.effects).toEqual([]);
  });

  it('keeps the separators of a GS1 code', () => {
    const keys = keyboard(true);
    keys.type(']d210LOT7', 8);
    keys.press(']', { modified: true });
    keys.type('21ZK1', 8);
    keys.press('Enter');
    expect(keys.plain).toEqual([line(']d210LOT7\u001d21ZK1')]);
  });
});
