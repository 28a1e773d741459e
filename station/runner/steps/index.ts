/** What each verb of a recipe does. One file per verb; a new verb is a new line here and in `shared/domain/recipe.ts`. */
import type { Step, StepOf, StepVerb } from '#shared/domain/recipe.ts';
import type { RunContext } from '../run-context.ts';
import { atCommand } from './at-command.ts';
import { bleAdvertises } from './ble-advertises.ts';
import { bleRead } from './ble-read.ts';
import { bleRequest } from './ble-request.ts';
import { bleServices } from './ble-services.ts';
import { burnTriple } from './burn-triple.ts';
import { identify } from './identify.ts';
import { label } from './label.ts';
import { proveOnline } from './prove-online.ts';

type StepRunner<V extends StepVerb> = (
  step: StepOf<V>,
  run: RunContext,
  signal: AbortSignal,
) => Promise<void>;

const VERBS: { readonly [V in StepVerb]: StepRunner<V> } = {
  identify,
  'burn-triple': burnTriple,
  'at-command': atCommand,
  wait: (step, run, signal) => run.platform.clock.sleep(step.ms, signal),
  'prove-online': proveOnline,
  'log-out': (_step, run, signal) => run.device.goOffline(signal),
  'ble-advertises': bleAdvertises,
  'ble-services': bleServices,
  'ble-request': bleRequest,
  'ble-read': bleRead,
  label,
};

/** Does the step; resolves when it passed, faults when it did not. */
export function performStep(step: Step, run: RunContext, signal: AbortSignal): Promise<void> {
  return (VERBS[step.verb] as StepRunner<StepVerb>)(step, run, signal);
}
