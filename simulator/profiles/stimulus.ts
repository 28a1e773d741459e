import { z } from 'zod';

/**
 * What can happen to a unit that is not on a wire: what people and fixtures do to it. A family senses some of these
 * and has no sense for the rest.
 */
export const STIMULI = {
  /** A word is said in front of the microphone. */
  hear: z.strictObject({ word: z.string().min(1).max(64) }),
  /** Something happens that the device tells its cloud, by the platform's event id. */
  event: z.strictObject({ id: z.number().int().min(1).max(255) }),
  /** As an event, by the platform's notice id; `ext` is how, or what exactly. */
  notice: z.strictObject({
    id: z.number().int().min(1).max(255),
    ext: z.number().int().min(1).max(255).optional(),
  }),
  /** A code is held in front of the scanner. */
  scan: z.strictObject({ code: z.string().min(1).max(512) }),
  /** A card is laid on the reader, or taken away. */
  card: z.strictObject({ card: z.enum(['id', 'cpu', 'social']), present: z.boolean() }),
  /** Somebody stands in front of the device, or goes. */
  person: z.strictObject({ present: z.boolean() }),
} as const;

export type StimulusKind = keyof typeof STIMULI;
export type Stimulus = {
  [K in StimulusKind]: { readonly kind: K } & Readonly<z.output<(typeof STIMULI)[K]>>;
}[StimulusKind];
