import type { LocalizedText } from '#shared/recipe/index.ts';

/** A question to the person at a slot, as a step asks it. */
export interface PromptAsked {
  /** The step's name: what a terminal answers by. */
  readonly step: string;
  readonly kind: 'pass-fail' | 'confirm' | 'text' | 'number' | 'choice' | 'scan';
  readonly ask: LocalizedText;
  /** A picture among the recipe's files. */
  readonly image: string | null;
  readonly choices: readonly { readonly value: string; readonly title: LocalizedText }[];
  readonly unit: string | null;
}

/** A question as it stands on the screen. */
export interface Prompt extends PromptAsked {
  readonly promptId: string;
  readonly askedAtMs: number;
  readonly endsAtMs: number;
}
