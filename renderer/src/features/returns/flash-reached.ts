import type { TimelineEntry } from '#shared/contract/index.ts';
import type { Translator } from '#services/i18n/index.ts';

type Reached = NonNullable<TimelineEntry['reached']>;

/** How far the writing of a flash got, and whether the unit may hold half an image, in the language of the translator. */
export function reachedText(
  { stage, image, doneBytes, totalBytes, changed }: Reached,
  { t, number }: Pick<Translator, 't' | 'number'>,
): string {
  const at = t(`returns.flash.${stage}`);
  const bytes = { done: number(doneBytes), total: number(totalBytes) };
  const where = image === null ? at : t('returns.flash.at', { at, image });
  const reached =
    totalBytes === 0
      ? t('returns.flash.reached', { where })
      : t('returns.flash.reachedBytes', { where, ...bytes });
  return `${reached} ${changed ? t('returns.flash.half') : t('returns.flash.untouched')}`;
}
