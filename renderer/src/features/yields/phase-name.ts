import type { BatchYield } from '#shared/contract/index.ts';
import type { Language } from '#services/i18n/index.ts';

/** What the recipe calls a phase; its id where it has no title. */
export function phaseName(titles: BatchYield['phaseTitles'], phase: string, language: Language): string {
  return titles[phase]?.[language] ?? phase;
}
