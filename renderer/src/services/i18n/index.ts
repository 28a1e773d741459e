/** The texts of the pages in the language of this screen. */
export type { MessageKey, PlainMessageKey, Translation, Words } from './messages.ts';
export type { Values } from '#shared/words/index.ts';
export { type Language, LANGUAGES, nextLanguage, preferredLanguage } from '#shared/words/index.ts';
export { createTranslator, formatElapsed, type Translator } from './translator.ts';
export { sentencesOf } from './sentences.ts';
export { TRANSLATOR, useTranslator } from './use-translator.ts';
