import { storeToRefs } from 'pinia';
import type { ComputedRef } from 'vue';
import type { Speaker } from '../services/i18n/index.ts';
import { usePreferences } from './preferences.ts';

/** What a component needs to say something; changes with the language. */
export function useSpeaker(): ComputedRef<Speaker> {
  return storeToRefs(usePreferences()).speaker as ComputedRef<Speaker>;
}
