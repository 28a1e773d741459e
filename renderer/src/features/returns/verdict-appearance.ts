import type { Verdict } from '#shared/domain/verdict.ts';
import type { IconName } from '#parts/index.ts';

/** The appearance of a verdict: green is good, yellow needs a person, red must not be shipped. */
export const VERDICT_APPEARANCE: Readonly<
  Record<Verdict, { readonly tone: 'good' | 'warn' | 'bad' | 'neutral'; readonly icon: IconName }>
> = {
  known: { tone: 'good', icon: 'pass' },
  erased: { tone: 'warn', icon: 'erase' },
  unknown: { tone: 'neutral', icon: 'unknown' },
  'in-doubt': { tone: 'warn', icon: 'warn' },
  foreign: { tone: 'bad', icon: 'refused' },
  mismatch: { tone: 'bad', icon: 'swap' },
  retired: { tone: 'bad', icon: 'stopped' },
  'not-read': { tone: 'neutral', icon: 'eye' },
  'identity-free': { tone: 'neutral', icon: 'info' },
};
