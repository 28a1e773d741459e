import type { Verdict } from '#shared/domain/verdict.ts';
import type { IconName } from '#parts/index.ts';

/** How a verdict looks: good is green, what needs a person is yellow, what must not leave the desk like this is red. */
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
