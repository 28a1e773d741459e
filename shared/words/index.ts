/** English and Chinese text that pages and terminals have in common: messages with codes, plural forms, names of steps. */
export { atErrorText, type AtErrorText, provisioningErrorText, wifiJoinErrorText } from './at-errors.ts';
export { flashReachedMeasurement, flashReachedWords } from './flash-words.ts';
export { fill, type Filling, fillWhole, placeholders, type Values } from './fill.ts';
export { type Language, LANGUAGES, nextLanguage, preferredLanguage } from './language.ts';
export { PRINTER_PROBLEM_WORDS } from './printer-problems.ts';
export { phaseName, placeName, type RecipeNames, stepName } from './recipe-names.ts';
export { provisioningText } from './provisioning-words.ts';
export { stepPath } from './step-path.ts';
export {
  both,
  type CodedText,
  codedTexts,
  isCodedText,
  NO_TEXT,
  sameText,
  textDetails,
  textsIn,
  type TextValue,
  type Wording,
} from './coded-text.ts';
export { counted, pluralForm, type PluralLanguage } from './plural.ts';
