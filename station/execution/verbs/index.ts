/** Executes steps: one function a verb, each in a file of its own. `shared/recipe/verbs/` describes the verbs. */
import type { Step, StepOf, StepVerb } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { ampe } from './ampe.ts';
import { atCommand } from './at-command.ts';
import { bleAdvertises } from './ble-advertises.ts';
import { bleConnect } from './ble-connect.ts';
import { bleNotified } from './ble-notified.ts';
import { bleRead } from './ble-read.ts';
import { bleRequest } from './ble-request.ts';
import { bleServices } from './ble-services.ts';
import { bleWrite } from './ble-write.ts';
import { burnTriple } from './burn-triple.ts';
import { callAction } from './call-action.ts';
import { controlProperty } from './control-property.ts';
import { eventReported } from './event-reported.ts';
import { expect } from './expect.ts';
import { flash } from './flash.ts';
import { identify } from './identify.ts';
import { joinWifi } from './join-wifi.ts';
import { label } from './label.ts';
import { leaveWifi } from './leave-wifi.ts';
import { llsyncBind } from './llsync-bind.ts';
import { llsyncProperty } from './llsync-property.ts';
import { llsyncEvent } from './llsync-event.ts';
import { llsyncAction } from './llsync-action.ts';
import { llsyncOta } from './llsync-ota.ts';
import { llsyncUnbind } from './llsync-unbind.ts';
import { logOut } from './log-out.ts';
import { measure } from './measure.ts';
import { pointToRegistry } from './point-to-registry.ts';
import { provisionSmartconfig } from './provision-smartconfig.ts';
import { provisionSoftap } from './provision-softap.ts';
import { ota } from './ota.ts';
import { power } from './power.ts';
import { prompt } from './prompt.ts';
import { propertyReported } from './property-reported.ts';
import { proveOnline } from './prove-online.ts';
import { provisionBle } from './provision-ble.ts';
import { readPin } from './read-pin.ts';
import { request } from './request.ts';
import { reset } from './reset.ts';
import { runTool } from './run-tool.ts';
import { scanLabel } from './scan-label.ts';
import { script } from './script.ts';
import { send } from './send.ts';
import { setLines } from './set-lines.ts';
import { temporaryPassword } from './temporary-password.ts';
import { thingModel } from './thing-model.ts';
import { unbind } from './unbind.ts';
import { wait } from './wait.ts';
import { wifiCode } from './wifi-code.ts';

/** Resolves when the step passed; throws a fault when it did not. */
type StepFunction<V extends StepVerb> = (
  step: StepOf<V>,
  run: RunContext,
  signal: AbortSignal,
) => Promise<void>;

/** A verb without a function is a type error. */
const FUNCTIONS: { readonly [V in StepVerb]: StepFunction<V> } = {
  flash,
  'run-tool': runTool,
  identify,
  'burn-triple': burnTriple,
  label,
  send,
  expect,
  request,
  'at-command': atCommand,
  wait,
  measure,
  'set-lines': setLines,
  reset,
  power,
  'read-pin': readPin,
  prompt,
  'scan-label': scanLabel,
  'join-wifi': joinWifi,
  'point-to-registry': pointToRegistry,
  'leave-wifi': leaveWifi,
  'provision-softap': provisionSoftap,
  'provision-smartconfig': provisionSmartconfig,
  'prove-online': proveOnline,
  'wifi-code': wifiCode,
  'log-out': logOut,
  unbind,
  'property-reported': propertyReported,
  'event-reported': eventReported,
  'control-property': controlProperty,
  'call-action': callAction,
  'thing-model': thingModel,
  'temporary-password': temporaryPassword,
  ota,
  'ble-advertises': bleAdvertises,
  'ble-connect': bleConnect,
  'ble-services': bleServices,
  'ble-request': bleRequest,
  'ble-notified': bleNotified,
  'ble-write': bleWrite,
  'ble-read': bleRead,
  'provision-ble': provisionBle,
  'llsync-bind': llsyncBind,
  'llsync-property': llsyncProperty,
  'llsync-event': llsyncEvent,
  'llsync-action': llsyncAction,
  'llsync-ota': llsyncOta,
  'llsync-unbind': llsyncUnbind,
  ampe,
  script,
};

/** Executes one attempt of a step; resolves when it passed, faults when it did not. */
export function performStep(step: Step, run: RunContext, signal: AbortSignal): Promise<void> {
  return (FUNCTIONS[step.verb] as StepFunction<StepVerb>)(step, run, signal);
}
