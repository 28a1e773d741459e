import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DELETING_MS,
  EMPTY_BUFFER,
  LONE_MS,
  nextSettleAtMs,
  type ScanBuffer,
  type ScanEffect,
  type ScanKey,
  settle,
  STALE_MS,
  typeKey,
} from '../../renderer/src/scanner/scan-buffer.ts';

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
      advance(LONE_MS + 1);
      const settled = settle(buffer, nowMs, { digits, letters });
      buffer = settled.buffer;
      effects.push(...settled.effects);
    },
  };
}

const label = fc.string({
  unit: fc.constantFrom(...'ABCXYZabc0123456789 -_:;,.#/+=工位三元组'),
  minLength: 1,
  maxLength: 40,
});
const noise = fc.constantFrom('Shift', 'CapsLock', 'Control', 'overlay', 'F2', 'ctrl+j');

/** What happens at a station, in any order: scans with all that can come between their characters, and commands. */
const happening = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('scan' as const),
      text: label,
      gapsMs: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 40 }),
      noise: fc.array(fc.tuple(fc.nat(39), noise), { maxLength: 4 }),
      end: fc.constantFrom('Enter', 'Tab', 'Enter Enter', 'Tab Enter'),
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
              for (const end of now.end.split(' ')) keys.press(end);
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
          .filter((effect) => effect.kind !== 'key')
          .map((effect) => (effect.kind === 'line' ? `line ${effect.text}` : effect.kind));
        expect(seen).toEqual(expected);
        expect(keys.text).toBe('');
      }),
      { numRuns: 400 },
    );
  });

  it('takes a lone digit as a command only where something is numbered', () => {
    const keys = keyboard(true);
    keys.digits = true;
    keys.press('3');
    keys.rest();
    expect(keys.effects).toEqual([{ kind: 'digit', digit: 3 }]);
    keys.digits = false;
    keys.press('3');
    keys.rest();
    expect(keys.text).toBe('3');
  });

  it('takes a lone letter as an answer only where one is asked for, and never the beginning of a scan', () => {
    const keys = keyboard(true);
    keys.letters = 'yn';
    keys.press('Y');
    keys.rest();
    expect(keys.effects).toEqual([{ kind: 'letter', letter: 'y' }]);
    keys.type('NX000001');
    keys.press('Enter');
    keys.press('x');
    keys.rest();
    expect(keys.effects.slice(1)).toEqual([{ kind: 'line', text: 'NX000001' }]);
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
    expect(keys.effects).toEqual([{ kind: 'backspace' }]);
  });

  it('tells Tab alone from the end of a scan', () => {
    const keys = keyboard(true);
    keys.type('SN1');
    keys.press('Tab');
    keys.press('Tab');
    expect(keys.effects).toEqual([{ kind: 'line', text: 'SN1' }]);
    keys.advance(200);
    keys.press('Tab');
    expect(keys.effects.at(-1)).toEqual({ kind: 'tab' });
  });

  it('leaves Space and Escape to a scan in progress', () => {
    const keys = keyboard(true);
    keys.type('SN 1');
    expect(keys.effects).toEqual([]);
    keys.press('Escape');
    expect(keys.effects).toEqual([{ kind: 'cleared' }]);
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
    expect(keys.effects).toEqual([{ kind: 'cleared' }]);
    expect(keys.text).toBe('');
  });

  it('corrects typing with Backspace and leaves the browser its own keys', () => {
    const keys = keyboard(true);
    keys.type('SN1工');
    keys.press('Backspace');
    keys.press('Enter');
    expect(keys.effects).toEqual([{ kind: 'line', text: 'SN1' }]);
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
});
