import type { PromptView, SlotView } from '#shared/contract/index.ts';
import { longestWaitingFirst, targetPrompt } from '#shared/domain/scan/index.ts';
import type { SingleKey } from '#services/scanner/index.ts';

/** A slot and the question that it asks. */
export interface Asking {
  readonly slot: number;
  readonly prompt: PromptView;
}

/** All slots with a question, the longest waiting first. A run that is being stopped has none. */
export function askingOf(slots: readonly SlotView[]): Asking[] {
  return longestWaitingFirst(
    slots.flatMap(({ slot, state, run }) =>
      !isAskable(state) || run?.prompt == null || run.stopping ? [] : [{ slot, prompt: run.prompt }],
    ),
  );
}

/** A finished run asks about the label of its unit. */
function isAskable(state: SlotView['state']): boolean {
  return state === 'running' || state === 'finished';
}

/** The question that is answered next, by the rule of the station. */
export function targetOf(asking: readonly Asking[], selected: number | null): Asking | null {
  return targetPrompt(asking, selected);
}

/** The slot that Tab selects: the next one with a question, by number. */
export function slotAfter(asking: readonly Asking[], slot: number): number | null {
  const slots = asking.map((one) => one.slot).sort((a, b) => a - b);
  const next = slots.find((one) => one > slot) ?? slots[0];
  return next === undefined || next === slot ? null : next;
}

/** Single keys that answer this prompt; the scanner distinguishes them from the beginning of a scan. */
export function singleKeysOf(prompt: PromptView | null): {
  readonly digits: boolean;
  readonly letters: string;
} {
  return { digits: prompt?.kind === 'choice', letters: prompt?.kind === 'pass-fail' ? 'yn' : '' };
}

/** The answer of a key; `null` when the key does not answer this question. */
export function answerOfKey({ kind, choices }: PromptView, key: SingleKey): string | null {
  switch (kind) {
    case 'pass-fail':
      if (key.kind === 'enter' || (key.kind === 'letter' && key.letter === 'y')) return 'pass';
      if (key.kind === 'backspace' || (key.kind === 'letter' && key.letter === 'n')) return 'fail';
      return null;
    case 'confirm':
      return key.kind === 'enter' || key.kind === 'space' ? 'ok' : null;
    case 'choice':
      return key.kind === 'digit' ? (choices[key.digit - 1]?.value ?? null) : null;
    case 'number':
    case 'text':
    case 'scan':
    // The panel of the photo takes its keys.
    case 'photo':
      return null;
  }
}

/** The question that is asked again since `before`, because its answer was not accepted. */
export function newRefusal(before: readonly SlotView[] | null, now: readonly SlotView[]): Asking | null {
  if (before === null) return null;
  const known = new Set(before.map(({ run }) => run?.prompt?.promptId));
  return (
    askingOf(now).find(({ prompt }) => prompt.refused !== undefined && !known.has(prompt.promptId)) ?? null
  );
}

/** Whether there is a new question since `before`, for the sound. Without a `before` nothing is new. */
export function asksAnew(before: readonly SlotView[] | null, now: readonly SlotView[]): boolean {
  if (before === null) return false;
  const known = new Set(before.map(({ run }) => run?.prompt?.promptId));
  return askingOf(now).some(({ prompt }) => !known.has(prompt.promptId));
}
