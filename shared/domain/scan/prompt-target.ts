import { plainAnswer } from './serial-candidates.ts';

/** The keys of a prompt that decide which answers it takes. */
interface PromptKeys {
  readonly kind: 'pass-fail' | 'confirm' | 'text' | 'number' | 'choice' | 'scan' | 'photo';
  readonly choices: readonly { readonly value: string }[];
  readonly askedAtMs: number;
}

/** A prompt at its slot, waiting for its answer. */
interface PromptAtSlot {
  readonly slot: number;
  readonly prompt: PromptKeys;
}

/** The prompt that has waited longest first. */
export function longestWaitingFirst<P extends PromptAtSlot>(prompts: readonly P[]): P[] {
  return [...prompts].sort((a, b) => a.prompt.askedAtMs - b.prompt.askedAtMs || a.slot - b.slot);
}

/**
 * The one rule which prompt an answer goes to, for the station and for its pages: the prompt of the selected slot, else the
 * one that has waited longest. The content of a label never decides: the label of another unit would find the prompt of
 * that unit.
 *
 * @param prompts the one that has waited longest first
 * @param selected slot that the operator has selected
 * @param fits whether a prompt takes this kind of answer
 */
export function targetPrompt<P extends PromptAtSlot>(
  prompts: readonly P[],
  selected: number | null,
  fits: (prompt: P['prompt']) => boolean = () => true,
): P | null {
  const fitting = prompts.filter(({ prompt }) => fits(prompt));
  return fitting.find(({ slot }) => slot === selected) ?? fitting[0] ?? null;
}

/**
 * The prompt that a scanned or typed text goes to: that of the selected slot, else the one that has waited longest among
 * those that can take the text, so that a label does not answer a question for a number.
 */
export function targetPromptForText<P extends PromptAtSlot>(
  prompts: readonly P[],
  selected: number | null,
  text: string,
): P | null {
  const target = targetPrompt(prompts, selected, takesText);
  if (target === null || target.slot === selected) return target;
  const isNumber = Number.isFinite(Number(plainAnswer(text).replace(',', '.')));
  return (
    targetPrompt(prompts, null, (prompt) => takesText(prompt) && (isNumber || prompt.kind !== 'number')) ??
    target
  );
}

/** True for a prompt that is answered with a text as it was scanned or typed. */
export function takesText({ kind }: Pick<PromptKeys, 'kind'>): boolean {
  return kind === 'scan' || kind === 'text' || kind === 'number';
}

/** The choice that a scanned value names; scanners may change its case. */
export function choiceOf({ choices }: Pick<PromptKeys, 'choices'>, scanned: string): string | null {
  const wanted = scanned.toLowerCase();
  return choices.find(({ value }) => value.toLowerCase() === wanted)?.value ?? null;
}
