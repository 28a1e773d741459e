/** This module is for words that depend on what is said with them, the same on pages and at terminals. */
export { stepPath } from './step-path.ts';
export { counted, pluralForm, type PluralLanguage } from './plural.ts';
