import { createFaultWording, type FaultWording } from '#shared/words/faults/index.ts';
import { type Language, phaseName, placeName, type RecipeNames, stepName } from '#shared/words/index.ts';
import type { RunFailure } from '#shared/domain/outcome.ts';
import { type ReportFormats, reportFormats } from './report-formats.ts';
import { type ReportTexts, reportTexts } from './report-texts.ts';

/** Everything that a section says in words: texts, numbers, names of steps, faults. */
export interface ReportWords {
  readonly language: Language;
  readonly t: ReportTexts;
  readonly formats: ReportFormats;
  readonly faults: FaultWording;
  phase(phase: string): string;
  step(place: { readonly phase: string; readonly step: string }): string;
  /** Phase and step. */
  place(place: { readonly phase: string; readonly step: string }): string;
  /** What happened in the words of the pages, with the values of the fault. */
  failure(failure: RunFailure): string;
}

/** @param titles of phases and steps; a name without a title is printed itself */
export function reportWords(language: Language, titles: RecipeNames, timeZone?: string): ReportWords {
  const faults = createFaultWording(language);
  const t = reportTexts(language);
  return {
    language,
    t,
    formats: reportFormats(language, timeZone),
    faults,
    phase: (phase) => phaseName(titles, phase, language),
    step: (place) => stepName(titles, place, language),
    place: (place) => placeName(titles, place, language),
    failure({ code, details }) {
      const name = faults.faultName(code, details);
      const more = faults.failureDetails(code, details);
      return more === null ? name : `${name}${t('colon')}${more}`;
    },
  };
}
