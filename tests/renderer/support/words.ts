import {
  createTranslator,
  type Language,
  LANGUAGES,
  type MessageKey,
  type Translator,
} from '#services/i18n/index.ts';
import { BACK_OFFICE_WORDS } from '../../../renderer/src/app/shell/back-office-words.ts';
import { OPERATOR_WORDS } from '../../../renderer/src/app/operator-words.ts';
import { BASE_WORDS } from '../../../renderer/src/services/i18n/dictionaries.ts';

/** The words that the operator's page has before any other page is loaded. */
export const FIRST_WORDS = wordsOf([BASE_WORDS, OPERATOR_WORDS]);
/** All words of the pages. */
export const ALL_WORDS = wordsOf([BASE_WORDS, OPERATOR_WORDS, BACK_OFFICE_WORDS]);

/** A translator that has the words of all features. */
export function translatorOf(language: Language): Translator {
  return createTranslator(language, [OPERATOR_WORDS, BACK_OFFICE_WORDS]);
}

type SomeWords = Readonly<Record<Language, Readonly<Partial<Record<MessageKey, string>>>>>;

function wordsOf(parts: readonly SomeWords[]): Readonly<Record<Language, Readonly<Record<string, string>>>> {
  const merged = (language: Language): Record<string, string> =>
    Object.assign({}, ...parts.map((part) => part[language]));
  return Object.fromEntries(LANGUAGES.map((language) => [language, merged(language)])) as Record<
    Language,
    Record<string, string>
  >;
}
