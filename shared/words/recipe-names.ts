import type { Language } from './language.ts';
import { stepPath } from './step-path.ts';

/** The titles of the phases and steps of some recipes, by their paths. */
export type RecipeNames = Readonly<Record<string, Readonly<Record<Language, string>>>>;

/** What the recipe calls a phase; its id where it has no title. */
export function phaseName(titles: RecipeNames, phase: string, language: Language): string {
  return titles[phase]?.[language] ?? phase;
}

/** What the recipe calls a step, with its id in brackets, which a search and an export have; the id alone without a title. */
export function stepName(
  titles: RecipeNames,
  place: { readonly phase: string; readonly step: string },
  language: Language,
): string {
  const { phase, step } = place;
  const title = phase === '' || step === '' ? undefined : titles[stepPath(place)]?.[language];
  if (title === undefined || title === step) return step;
  return language === 'zh-CN' ? `${title}（${step}）` : `${title} (${step})`;
}

/** A step with its phase, both by their titles. */
export function placeName(
  titles: RecipeNames,
  place: { readonly phase: string; readonly step: string },
  language: Language,
): string {
  return stepPath(
    { phase: phaseName(titles, place.phase, language), step: stepName(titles, place, language) },
    ' › ',
  );
}
