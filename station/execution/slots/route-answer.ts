import { plainAnswer } from '#shared/domain/scan/index.ts';
import type { Prompt } from '../run-context/index.ts';
import type { OpenPrompt } from './prompts.ts';

/**
 * The question that an answer of this kind is for: that of the slot which was selected, else the one that has waited
 * longest. What a label says never decides: a label that lies on the wrong unit would find its way to the right one.
 *
 * @param waiting longest first
 */
export function askedFor(
  waiting: readonly OpenPrompt[],
  selected: number | null,
  fits: (prompt: Prompt) => boolean,
): OpenPrompt | null {
  const fitting = waiting.filter(({ prompt }) => fits(prompt));
  return fitting.find(({ slot }) => slot === selected) ?? fitting[0] ?? null;
}

/**
 * The question that a scanned or typed text is for: the selected slot's whatever it is, else the one that has waited
 * longest among those that can take it, so that a label is not tried on a question for a number.
 */
export function askedForText(
  waiting: readonly OpenPrompt[],
  selected: number | null,
  text: string,
): OpenPrompt | null {
  const asked = askedFor(waiting, selected, takesText);
  if (asked === null || asked.slot === selected) return asked;
  const isNumber = Number.isFinite(Number(plainAnswer(text).replace(',', '.')));
  return (
    askedFor(waiting, null, (prompt) => takesText(prompt) && (isNumber || prompt.kind !== 'number')) ?? asked
  );
}

/** Takes what is scanned or typed as it is. */
export function takesText({ kind }: Prompt): boolean {
  return kind === 'scan' || kind === 'text' || kind === 'number';
}

/** The choice that a scanned value names; scanners may change the case. */
export function choiceOf(prompt: Prompt, scanned: string): string | null {
  const wanted = scanned.toLowerCase();
  return prompt.choices.find(({ value }) => value.toLowerCase() === wanted)?.value ?? null;
}
