import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  choiceOf,
  longestWaitingFirst,
  targetPrompt,
  targetPromptForText,
} from '#shared/domain/scan/index.ts';

type Kind = 'pass-fail' | 'confirm' | 'text' | 'number' | 'choice' | 'scan';

function open(slot: number, kind: Kind, askedAtMs: number, choices: string[] = []) {
  return { slot, prompt: { kind, askedAtMs, choices: choices.map((value) => ({ value })) } };
}

describe('the prompt that an answer goes to', () => {
  it('is the one that has waited longest, and of two of the same time the lower slot', () => {
    const prompts = longestWaitingFirst([open(3, 'text', 5), open(2, 'text', 9), open(1, 'text', 5)]);
    expect(prompts.map(({ slot }) => slot)).toEqual([1, 3, 2]);
    expect(targetPrompt(prompts, null)?.slot).toBe(1);
  });

  it('is that of the selected slot, if it takes the answer', () => {
    const prompts = [open(1, 'pass-fail', 1), open(2, 'confirm', 2), open(3, 'pass-fail', 3)];
    const isPassFail = ({ kind }: { kind: Kind }): boolean => kind === 'pass-fail';
    expect(targetPrompt(prompts, 3, isPassFail)?.slot).toBe(3);
    expect(targetPrompt(prompts, 2, isPassFail)?.slot).toBe(1);
    expect(targetPrompt(prompts, 2, ({ kind }) => kind === 'choice')).toBe(null);
  });

  it('for a label does not take a number, unless no other is open or its slot is selected', () => {
    const prompts = [open(1, 'number', 1), open(2, 'scan', 2)];
    expect(targetPromptForText(prompts, null, 'SN1')?.slot).toBe(2);
    expect(targetPromptForText(prompts, null, '3,3')?.slot).toBe(1);
    expect(targetPromptForText(prompts, 1, 'SN1')?.slot).toBe(1);
    expect(targetPromptForText([open(1, 'number', 1)], null, 'SN1')?.slot).toBe(1);
    expect(targetPromptForText([open(1, 'confirm', 1)], null, 'SN1')).toBe(null);
  });

  it('does not depend on the order in which prompts are given', () => {
    const one = fc.record({ slot: fc.integer({ min: 1, max: 16 }), at: fc.integer({ min: 0, max: 5 }) });
    fc.assert(
      fc.property(fc.uniqueArray(one, { selector: ({ slot }) => slot }), (given) => {
        const prompts = given.map(({ slot, at }) => open(slot, 'text', at));
        expect(targetPrompt(longestWaitingFirst(prompts.toReversed()), null)).toEqual(
          targetPrompt(longestWaitingFirst(prompts), null),
        );
      }),
    );
  });
});

it('takes a choice in any case', () => {
  expect(choiceOf({ choices: [{ value: 'Red' }, { value: 'blue' }] }, 'RED')).toBe('Red');
  expect(choiceOf({ choices: [{ value: 'Red' }] }, 'green')).toBe(null);
});
