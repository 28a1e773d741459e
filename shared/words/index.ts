/** English and Chinese text that pages and terminals have in common: plural forms, names of steps. */
export { stepPath } from './step-path.ts';
export { counted, pluralForm, type PluralLanguage } from './plural.ts';
