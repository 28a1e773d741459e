import { storeToRefs } from 'pinia';
import type { ComputedRef } from 'vue';
import type { Translator } from '../services/i18n/index.ts';
import { usePreferences } from './preferences.ts';

/** What a component needs to say something; changes with the language. */
export function useTranslator(): ComputedRef<Translator> {
  return storeToRefs(usePreferences()).translator as ComputedRef<Translator>;
}
