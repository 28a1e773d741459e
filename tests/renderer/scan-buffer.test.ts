import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DELETING_MS, STALE_MS } from '../../renderer/src/services/scanner/scan-buffer.ts';
import { discarded, keyboard, label, line } from './support/scan-keyboard.ts';

const noise = fc.constantFrom('Shift', 'CapsLock', 'Control', 'overlay', 'F2', 'ctrl+j');

/** Events of a station in any order: scans with other keys between their characters, and commands. */
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

  it.each([500, 900, 5_000])('takes a scan whole %d ms after a bumped key', (pauseMs) => {
    const keys = keyboard(true);
    keys.press('3');
    keys.advance(pauseMs);
    keys.type('SN000011');
    keys.press('Enter');
    expect(keys.plain.at(-1)).toEqual(line('SN000011'));
  });

  it('keeps what a person types in pauses', () => {
    const keys = keyboard(true);
    keys.type('SN0', 150);
    keys.advance(900);
    keys.type('00011', 150);
    keys.press('Enter');
    expect(keys.plain).toEqual([line('SN000011')]);
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
    expect(keys.effects.at(-1)).toMatchObject({ kind: 'line', firstKeyAtMs: 5_521, lastKeyAtMs: 5_551 });
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
