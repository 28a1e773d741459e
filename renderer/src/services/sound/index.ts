/** Sounds for results, prompts and refusals. */
export { createSounder, type Sounder } from './sounder.ts';
export type { SoundName } from './tones.ts';
export { SOUNDER, useSounder } from './use-sounder.ts';
