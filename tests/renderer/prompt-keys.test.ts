import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PromptView, SlotView } from '#shared/contract/index.ts';
import { promptView, runView, slotView } from '../../renderer/dev/fixtures/slots.ts';
import {
  answerOfKey,
  asksAnew,
  askingOf,
  singleKeysOf,
  slotAfter,
  targetOf,
} from '../../renderer/src/features/operator/prompt-keys.ts';
import type { SingleKey } from '../../renderer/src/services/scanner/index.ts';

const KINDS = ['pass-fail', 'confirm', 'choice', 'number', 'text', 'scan'] as const;

function asking(slot: number, kind: PromptView['kind'], askedAtMs: number, stopping = false): SlotView {
  const prompt = promptView({ promptId: `prompt-${slot}-${askedAtMs}`, kind, askedAtMs });
  return slotView({ slot, state: 'running', run: runView({ stopping, prompt }) });
}

describe('a key', () => {
  const enter: SingleKey = { kind: 'enter' };
  const space: SingleKey = { kind: 'space' };
  const back: SingleKey = { kind: 'backspace' };
  const letter = (l: string): SingleKey => ({ kind: 'letter', letter: l });
  const digit = (d: number): SingleKey => ({ kind: 'digit', digit: d });
  it.each<[PromptView['kind'], SingleKey, string | null]>([
    ['pass-fail', enter, 'pass'],
    ['pass-fail', letter('y'), 'pass'],
    ['pass-fail', back, 'fail'],
    ['pass-fail', letter('n'), 'fail'],
    // Space acknowledges results and must not answer a question with pass.
    ['pass-fail', space, null],
    ['confirm', enter, 'ok'],
    ['confirm', space, 'ok'],
    ['confirm', letter('y'), null],
    ['choice', digit(2), 'black'],
    ['choice', digit(9), null],
    ['choice', enter, null],
    ['number', digit(5), null],
    ['text', enter, null],
    ['scan', space, null],
  ])('for %s: %j is %j', (kind, key, answer) => {
    expect(answerOfKey(promptView({ kind }), key)).toBe(answer);
  });

  it('that stands alone is told from the beginning of a scan only where it is an answer', () => {
    expect(KINDS.map((kind) => singleKeysOf(promptView({ kind })))).toEqual([
      { digits: false, letters: 'yn' },
      { digits: false, letters: '' },
      { digits: true, letters: '' },
      { digits: false, letters: '' },
      { digits: false, letters: '' },
      { digits: false, letters: '' },
    ]);
    expect(singleKeysOf(null)).toEqual({ digits: false, letters: '' });
  });
});

describe('of several slots that ask', () => {
  it('the one that waited longest is answered, unless another was selected; a run being stopped asks no more', () => {
    const slots = [
      asking(1, 'scan', 300),
      asking(2, 'number', 100),
      asking(3, 'confirm', 50, true),
      slotView({ slot: 4 }),
      asking(5, 'choice', 200),
    ];
    const all = askingOf(slots);
    expect(all.map(({ slot }) => slot)).toEqual([2, 5, 1]);
    expect(targetOf(all, null)?.slot).toBe(2);
    expect(targetOf(all, 5)?.slot).toBe(5);
    expect(targetOf(all, 4)?.slot).toBe(2);
    expect(targetOf([], 2)).toBe(null);
  });

  it('Tab comes to each of them, and back', () => {
    const sets = fc.uniqueArray(fc.integer({ min: 1, max: 16 }), { minLength: 1 });
    fc.assert(
      fc.property(sets, (numbers) => {
        const all = askingOf(numbers.map((slot, at) => asking(slot, 'confirm', at)));
        const seen: number[] = [];
        let slot = numbers[0] ?? 0;
        for (const _ of numbers) {
          seen.push(slot);
          slot = slotAfter(all, slot) ?? slot;
        }
        expect(seen.toSorted()).toEqual([...numbers].sort());
        expect(slot).toBe(numbers[0]);
      }),
    );
  });

  it('a question sounds once: when it is new, not when the page comes back or another goes', () => {
    const [one, two] = [asking(1, 'confirm', 1), asking(2, 'confirm', 2)];
    expect(asksAnew(null, [one])).toBe(false);
    expect(asksAnew([slotView()], [one])).toBe(true);
    expect(asksAnew([one], [one])).toBe(false);
    expect(asksAnew([one], [one, two])).toBe(true);
    expect(asksAnew([one, two], [one])).toBe(false);
    expect(asksAnew([one], [asking(1, 'confirm', 9)])).toBe(true);
  });
});
