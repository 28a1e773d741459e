import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playKeys, type PressedKey, type WorldOptions } from './support/scan-world.ts';

const SLOTS = 16;
const PERSON = -2;

const ends = fc.constantFrom(
  ['Enter'],
  ['Enter', 'Enter'],
  ['Tab'],
  ['Tab', 'Enter'],
  ['Enter', 'Tab', 'Enter'],
  ['Enter', ' '],
  [],
);
/** One trigger pull: the text of the label, its timing, its prefix and suffix, and the number of reads. */
const triggerPull = fc.record({
  kind: fc.constant('pull' as const),
  text: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 30 }).map((n) => `SN${String(n).padStart(4, '0')}`) },
    { weight: 1, arbitrary: fc.constantFrom('BOARD-7', '42', '#GW#PASS#', '#GW#START#', '#GW#SLOT,2#') },
  ),
  aim: fc.constantFrom('', '', ']C0'),
  prefix: fc.constantFrom([], [], ['Enter'], ['Tab'], [' '], ['n'], ['Backspace']),
  beside: fc.constantFrom([], [], ['A2B7F218E0B4'], ['#GW#PASS#'], ['y']),
  gapMs: fc.integer({ min: 4, max: 150 }),
  jitter: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 7 }),
  ends,
  againAfterMs: fc.array(fc.integer({ min: 120, max: 1_900 }), { maxLength: 3 }),
});
const person = fc.record({
  kind: fc.constant('person' as const),
  key: fc.constantFrom('Enter', 'y', 'n', ' ', 'Backspace', '1', '2', '5'),
});
const happenings = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 4_000 }),
    what: fc.oneof({ weight: 3, arbitrary: triggerPull }, { weight: 2, arbitrary: person }),
  }),
  { minLength: 2, maxLength: 14 },
);
const world: fc.Arbitrary<WorldOptions> = fc.record({
  slots: fc.constant(SLOTS),
  questions: fc.array(
    fc.array(
      fc.record({
        kind: fc.constantFrom('pass-fail', 'confirm', 'choice', 'number', 'text', 'scan'),
        afterMs: fc.integer({ min: 0, max: 2_500 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    { minLength: 1, maxLength: 4 },
  ),
  viewDelayMs: fc.integer({ min: 0, max: 120 }),
  callDelayMs: fc.integer({ min: 0, max: 60 }),
});

/**
 * Every key with its time; keys of one pull bear its number. `apart`: a person waits for the scanner to be done; else
 * Enter and Backspace may fall between two keys of a scan. A character would make another label of it; and so does a
 * Backspace in a field for words, where the next scan is written behind what is left. `deletes`: there is no such
 * field.
 */
function typed(all: readonly Happening[], apart: boolean, deletes: boolean): PressedKey[] {
  const keys: PressedKey[] = [];
  let atMs = 1_000;
  let scannerAtMs = 1_000;
  all.forEach(({ afterMs, what }, from) => {
    atMs += afterMs;
    if (what.kind === 'person') {
      const waits = apart || /^[a-z0-9 ]$/.test(what.key) || (what.key === 'Backspace' && !deletes);
      if (waits) atMs = Math.max(atMs, scannerAtMs + 1);
      keys.push({ atMs, key: what.key, from: PERSON });
      if (waits) scannerAtMs = Math.max(scannerAtMs, atMs + 700);
      return;
    }
    scannerAtMs = Math.max(scannerAtMs, atMs);
    let count = 0;
    const type = (key: string): void => {
      const jitterMs = what.jitter[count++ % what.jitter.length] ?? 0;
      scannerAtMs += what.gapMs + Math.min(jitterMs, what.gapMs);
      keys.push({ atMs: scannerAtMs, key, from });
    };
    for (const restMs of [0, ...what.againAfterMs]) {
      scannerAtMs += restMs;
      // A Backspace would delete the text of a scanner without line ends.
      const prefixed = what.ends.length > 0 && (apart || what.prefix[0] !== 'n');
      if (prefixed) what.prefix.forEach(type);
      for (const text of [what.aim + what.text, ...what.beside]) {
        [...text].forEach(type);
        what.ends.forEach(type);
      }
    }
    // A scanner pauses before the next trigger pull.
    scannerAtMs += 1_000;
  });
  // One keyboard: keys have different times, and the scanner's keys do not wait for the person's.
  const times = new Set<number>();
  return keys
    .map((key) => {
      let own = key.atMs;
      while (times.has(own)) own += 0.25;
      times.add(own);
      return { ...key, atMs: own };
    })
    .sort((a, b) => a.atMs - b.atMs);
}
interface Happening {
  readonly afterMs: number;
  readonly what:
    | { readonly kind: 'person'; readonly key: string }
    | {
        readonly kind: 'pull';
        readonly text: string;
        readonly aim: string;
        readonly prefix: readonly string[];
        readonly beside: readonly string[];
        readonly gapMs: number;
        readonly jitter: readonly number[];
        readonly ends: readonly string[];
        readonly againAfterMs: readonly number[];
      };
}

describe('scans, double reads, keys and questions in any order, on 16 slots', () => {
  it.each([
    ['whose keys come between the scans', true],
    ['whose keys fall into the scans, too', false],
  ])('no answer ever comes from a scan that started a run, beside a person %s', async (_, apart) => {
    const count = { starts: 0, byScan: 0, byKey: 0 };
    await fc.assert(
      fc.asyncProperty(happenings, world, async (all, options) => {
        const started = new Set<number>();
        const deletes = options.questions.flat().every(({ kind }) => kind !== 'text');
        for (const { what, by, from } of await playKeys(typed(all, apart, deletes), options)) {
          if (what === 'started') {
            started.add(from);
            count.starts++;
            continue;
          }
          if (from !== PERSON) expect(started.has(from) ? all[from] : null).toBeNull();
          // No key of a scanner is a key of a person, also not before its line has started anything.
          if (by === 'key') expect(from).toBe(PERSON);
          if (from === PERSON) count.byKey++;
          else count.byScan++;
        }
      }),
      { numRuns: 250 },
    );
    // The answers did occur.
    expect(Math.min(count.starts, count.byScan, count.byKey)).toBeGreaterThan(30);
  });
});
