import type { LocalizedText } from '#shared/recipe/index.ts';

/** A question that a step asks the operator at its slot. */
export interface PromptRequest {
  /** Name of the step; answers that a terminal was given in advance go by it. */
  readonly step: string;
  readonly kind: 'pass-fail' | 'confirm' | 'text' | 'number' | 'choice' | 'scan' | 'photo';
  readonly ask: LocalizedText;
  /** Why the answer before was not accepted, where this is the same question again. */
  readonly refused?: LocalizedText;
  /** Name of a picture among the recipe's files. */
  readonly image: string | null;
  readonly choices: readonly { readonly value: string; readonly title: LocalizedText }[];
  readonly unit: string | null;
}

/** A question for a photo. */
export type PhotoRequest = PromptRequest & { readonly kind: 'photo' };

/** The photo that an operator has taken or chosen. */
export interface Photo {
  /** Of its file. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A question that is open: it waits for its answer. */
export interface Prompt extends PromptRequest {
  readonly promptId: string;
  readonly askedAtMs: number;
  /** `null`: it waits until it is answered. */
  readonly endsAtMs: number | null;
}
