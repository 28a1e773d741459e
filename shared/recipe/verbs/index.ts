/** The verbs of recipes: one file per verb, and this list, from which everything that depends on verbs is derived. */
import { z } from 'zod';
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
import type { VerbDefinition } from './verb.ts';
import { unbind } from './unbind.ts';
import { wait } from './wait.ts';
import { wifiCode } from './wifi-code.ts';

export type { Predecessor, ValueType, VerbDefinition, VerbDoc } from './verb.ts';

/** In the order of the documentation. */
const DEFINITIONS = [
  flash,
  runTool,
  identify,
  burnTriple,
  label,
  send,
  expect,
  request,
  atCommand,
  wait,
  measure,
  setLines,
  reset,
  power,
  readPin,
  prompt,
  scanLabel,
  joinWifi,
  pointToRegistry,
  leaveWifi,
  provisionSoftap,
  provisionSmartconfig,
  proveOnline,
  wifiCode,
  logOut,
  unbind,
  propertyReported,
  eventReported,
  controlProperty,
  callAction,
  thingModel,
  temporaryPassword,
  ota,
  bleAdvertises,
  bleConnect,
  bleServices,
  bleRequest,
  bleNotified,
  bleWrite,
  bleRead,
  provisionBle,
  llsyncBind,
  llsyncProperty,
  llsyncEvent,
  llsyncAction,
  llsyncOta,
  llsyncUnbind,
  ampe,
  script,
] as const;
type Definitions = typeof DEFINITIONS;
type Definition = Definitions[number];
type SchemasOf<D extends readonly { readonly step: unknown }[]> = {
  -readonly [Index in keyof D]: D[Index]['step'];
};

export type StepVerb = Definition['verb'];

/** The definition of each verb. */
export const VERBS = Object.fromEntries(DEFINITIONS.map((one) => [one.verb, one])) as {
  readonly [One in Definition as One['verb']]: One;
};

/** A step of a recipe: one verb and its keys. */
export const step = z.discriminatedUnion(
  'verb',
  DEFINITIONS.map((one) => one.step) as unknown as SchemasOf<Definitions>,
);
export type Step = z.infer<typeof step>;
export type StepOf<V extends StepVerb> = Extract<Step, { verb: V }>;

/** A definition of any verb. */
type AnyVerb = VerbDefinition<StepVerb, z.ZodType<Step>>;

export function verbOf({ verb }: Step): AnyVerb {
  return VERBS[verb] as unknown as AnyVerb;
}

/** `null` for a text that is no verb. */
export function findVerb(verb: string): AnyVerb | null {
  return Object.hasOwn(VERBS, verb) ? (VERBS[verb as StepVerb] as unknown as AnyVerb) : null;
}
