import { withDeadline } from '#node-kit/async/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { fitAnswer } from '#shared/domain/prompt-answer.ts';
import { plainAnswer } from '#shared/domain/scan/index.ts';
import type { Clock } from '../../core/platform/index.ts';
import type { Prompt } from '../run-context/index.ts';

/** Questions that runs put to the person at their slot, one a slot at a time. */
export interface Prompts {
  /** Resolves with the answer. Faults: `prompt-unanswered` after `answerMs`, the signal's reason. */
  ask(slot: number, prompt: Prompt, answerMs: number, signal: AbortSignal): Promise<string>;
  /** Faults: `prompt-none` when the question does not stand any more, `bad-input` for an answer that is none of its. */
  answer(slot: number, promptId: string, answer: string): void;
  /** The question at a slot. */
  at(slot: number): OpenPrompt | null;
  /** Every question that stands, the one that has waited longest first. */
  waiting(): readonly OpenPrompt[];
}

/** A question that stands. */
export interface OpenPrompt {
  readonly slot: number;
  readonly prompt: Prompt;
  /** Since when, by the clock that never goes back, in ms. */
  readonly sinceMs: number;
}

export function createPrompts(clock: Clock): Prompts {
  const waiting = new Map<number, OpenPrompt & { readonly give: (answer: string) => void }>();
  return {
    async ask(slot, prompt, answerMs, signal) {
      throwIfAborted(signal);
      const answered = Promise.withResolvers<string>();
      waiting.set(slot, { slot, prompt, sinceMs: clock.monotonicMs(), give: answered.resolve });
      const onTimeout = (): never => {
        throw new Fault(
          'prompt-unanswered',
          `nobody answered "${prompt.ask.en}" in ${Math.round(answerMs / 1000)} s`,
          {
            hint: 'Start the unit again when somebody is there.',
            details: { slot, step: prompt.step },
          },
        );
      };
      try {
        return await withDeadline(answered.promise, { timeoutMs: answerMs, signal, timer: clock, onTimeout });
      } finally {
        if (waiting.get(slot)?.prompt === prompt) waiting.delete(slot);
      }
    },
    answer(slot, promptId, answer) {
      const found = waiting.get(slot);
      if (found === undefined || found.prompt.promptId !== promptId) {
        throw new Fault('prompt-none', `slot ${slot} does not ask this any more`, {
          hint: 'Look at what the slot shows now.',
          details: { slot },
        });
      }
      found.give(requireAnswer(found.prompt, plainAnswer(answer)));
      // The run hears of it in a moment; until then nothing else answers it.
      waiting.delete(slot);
    },
    at: (slot) => waiting.get(slot) ?? null,
    waiting: () => [...waiting.values()].sort((a, b) => a.prompt.askedAtMs - b.prompt.askedAtMs),
  };
}

function requireAnswer(prompt: Prompt, answer: string): string {
  const fit = fitAnswer(prompt, answer);
  if (fit.ok) return fit.answer;
  throw new Fault('bad-input', `"${answer}" ${fit.why}`, { hint: 'Answer again.' });
}
