import type { RunFilter } from '#shared/contract/index.ts';
import type { Translator } from '#services/i18n/index.ts';

/** An outcome of a filter in words. */
export const outcomeName = (outcome: NonNullable<RunFilter['outcomes']>[number], i18n: Translator): string =>
  outcome === 'running' ? i18n.t('slot.running') : i18n.t(`outcome.${outcome}`);
