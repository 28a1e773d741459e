/** For being heard across the hall: a result has a sound of its own kind. */
export { createSounder, type Sounder } from './sounder.ts';
export type { SoundName } from './tones.ts';
export { SOUNDER, useSounder } from './use-sounder.ts';
