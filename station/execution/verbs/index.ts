/** What each verb of a recipe does. One file per verb; a new verb is a new line here and in `shared/recipe/index.ts`. */
import type { Step, StepOf, StepVerb } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { ampe } from './ampe.ts';
import { atCommand } from './at-command.ts';
import { bleAdvertises } from './ble-advertises.ts';
import { bleRead } from './ble-read.ts';
import { bleRequest } from './ble-request.ts';
import { bleServices } from './ble-services.ts';
import { burnTriple } from './burn-triple.ts';
import { callAction, controlProperty, propertyReported, thingModel } from './cloud.ts';
import { expect, request, send } from './serial-exchange.ts';
import { power, readPin } from './fixture.ts';
import { identify } from './identify.ts';
import { label } from './label.ts';
import { reset, setLines } from './control-lines.ts';
import { measure } from './measure.ts';
import { prompt } from './prompt.ts';
import { proveOnline } from './prove-online.ts';
import { scanLabel } from './scan-label.ts';
import { script } from './script.ts';
import { temporaryPassword } from './temporary-password.ts';

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
  send,
  expect,
  request,
  measure,
  'set-lines': setLines,
  reset,
  power,
  'read-pin': readPin,
  prompt,
  'scan-label': scanLabel,
  'property-reported': propertyReported,
  'control-property': controlProperty,
  'call-action': callAction,
  'thing-model': thingModel,
  'temporary-password': temporaryPassword,
  ampe,
  script,
};

/** Does the step; resolves when it passed, faults when it did not. */
export function performStep(step: Step, run: RunContext, signal: AbortSignal): Promise<void> {
  return (VERBS[step.verb] as StepRunner<StepVerb>)(step, run, signal);
}
