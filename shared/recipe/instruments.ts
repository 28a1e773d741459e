import type { Step } from './verbs/index.ts';

/** Names of the instruments that a step uses. */
export function instrumentsOf(step: Step): readonly string[] {
  if ('instruments' in step) return step.instruments;
  return 'instrument' in step && step.instrument !== undefined ? [step.instrument] : [];
}
