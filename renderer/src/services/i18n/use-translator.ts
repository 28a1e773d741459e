import { type ComputedRef, inject, type InjectionKey } from 'vue';
import type { Translator } from './translator.ts';

/** The translator of this screen's language, provided to components and stores. */
export const TRANSLATOR: InjectionKey<ComputedRef<Translator>> = Symbol('translator');

/** The current translator; it changes with the language. */
export function useTranslator(): ComputedRef<Translator> {
  const translator = inject(TRANSLATOR);
  if (translator === undefined) throw new Error('the application was mounted without a translator');
  return translator;
}
