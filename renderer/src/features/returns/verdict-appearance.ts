import type { UnitReport } from '#shared/contract/index.ts';
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

/** The verdict as it is named on the page: with what is known of an identity that was retired. */
type ShownVerdict = Verdict | 'retired-unread' | 'retired-empty';

/**
 * A unit that holds nothing because what was given to it was retired and erased is told from an unknown one, and a unit that
 * was not read is named by its identity when that is retired.
 */
export function shownVerdict({
  verdict,
  timeline,
  retired,
}: Pick<UnitReport, 'verdict' | 'timeline' | 'retired'>): ShownVerdict {
  if (verdict === 'not-read' && retired !== null) return 'retired-unread';
  const wasRetired = timeline.some(({ kind }) => kind === 'identity-retire');
  return verdict === 'unknown' && wasRetired ? 'retired-empty' : verdict;
}
