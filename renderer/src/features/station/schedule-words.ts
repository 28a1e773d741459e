import type { ReportOccasion } from '#shared/contract/index.ts';
import type { Translator } from '#services/i18n/index.ts';

/** When a report is written, in words. */
export function occasionWords(occasion: ReportOccasion, { t }: Translator): string {
  return occasion.at === 'shift-end'
    ? t('station.reports.when.shiftAt', { times: occasion.times.join(' ') })
    : t(`station.reports.when.${occasion.at}`);
}
