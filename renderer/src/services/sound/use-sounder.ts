import { inject, type InjectionKey } from 'vue';
import type { Sounder } from './sounder.ts';

export const SOUNDER: InjectionKey<Sounder> = Symbol('sounder');

export function useSounder(): Sounder {
  const sounder = inject(SOUNDER);
  if (sounder === undefined) throw new Error('the application was mounted without a sounder');
  return sounder;
}
