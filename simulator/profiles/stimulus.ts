import { z } from 'zod';

/**
 * Stimuli of units besides serial and radio: actions of people and fixtures. Each device family reacts to some of them.
 */
export const STIMULI = {
  /** A person says a word to the microphone. */
  hear: z.strictObject({ word: z.string().min(1).max(64) }),
  /** An event that the device reports to its cloud, by the platform's event id. */
  event: z.strictObject({ id: z.number().int().min(1).max(255) }),
  /** A notice, by the platform's notice id; `ext` is its extension. */
  notice: z.strictObject({
    id: z.number().int().min(1).max(255),
    ext: z.number().int().min(1).max(255).optional(),
  }),
  /** A code is shown to the scanner, or is in front of the lens of a camera. */
  scan: z.strictObject({ code: z.string().min(1).max(512) }),
  /** A card is placed on the reader, or removed. */
  card: z.strictObject({ card: z.enum(['id', 'cpu', 'social']), present: z.boolean() }),
  /** A phone nearby sends a network to modules that listen for SmartConfig. */
  smartConfig: z.strictObject({ ssid: z.string().min(1).max(32), password: z.string().max(64) }),
  /** The button of a unit that waits for it to be bound; `declines`: the one that says no. */
  press: z.strictObject({ declines: z.boolean().default(false) }),
  /** A person stands in front of the device, or leaves. */
  person: z.strictObject({ present: z.boolean() }),
} as const;

export type StimulusKind = keyof typeof STIMULI;
export type Stimulus = {
  [K in StimulusKind]: { readonly kind: K } & Readonly<z.output<(typeof STIMULI)[K]>>;
}[StimulusKind];
