import { checkText as text } from '../texts/check-texts.ts';
import type { Mistake } from '../mistake.ts';
import type { RecipeView } from './view.ts';

/** Verbs after which the unit is bound to the station. */
export const PROVISIONING_VERBS: readonly string[] = [
  'wifi-code',
  'provision-ble',
  'provision-softap',
  'provision-smartconfig',
];

/** A recipe that provisions its unit and never releases it: the customer could not connect the unit. */
export function* provisioningMistakes({ inOrder }: RecipeView): Iterable<Mistake> {
  const last = inOrder.findLastIndex(({ verb }) => PROVISIONING_VERBS.includes(verb));
  const step = inOrder[last];
  if (step === undefined) return;
  // A step with an unknown verb may be the missing one.
  const isReleased = inOrder.slice(last).some(({ verb, known }) => verb === 'unbind' || !known);
  if (!isReleased) yield { path: [...step.path, 'verb'], message: text('needs-unbind', step.verb) };
}
