import { z } from 'zod';
import { ampe } from './verbs/ampe.ts';
import { bleAdvertises, bleRead, bleRequest, bleServices } from './verbs/ble.ts';
import {
  callAction,
  controlProperty,
  logOut,
  propertyReported,
  proveOnline,
  temporaryPassword,
  thingModel,
} from './verbs/cloud.ts';
import { power, readPin } from './verbs/fixture.ts';
import { burnTriple, identify, label } from './verbs/identity.ts';
import { prompt, scanLabel } from './verbs/operator.ts';
import { script } from './verbs/script.ts';
import { atCommand, expect, measure, request, reset, send, setLines, wait } from './verbs/serial.ts';

/** Everything a recipe can do to a unit: one verb a step. */
export const step = z.discriminatedUnion('verb', [
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
  proveOnline,
  logOut,
  propertyReported,
  controlProperty,
  callAction,
  thingModel,
  temporaryPassword,
  bleAdvertises,
  bleServices,
  bleRequest,
  bleRead,
  ampe,
  script,
]);
export type Step = z.infer<typeof step>;
export type StepVerb = Step['verb'];
export type StepOf<V extends StepVerb> = Extract<Step, { verb: V }>;

/** How a step is called in records: its own name, else its verb. */
export function stepName(step: Step): string {
  return step.name ?? step.verb;
}

/** Variables that a step sets. */
export function variablesOf(step: Step): string[] {
  if (step.verb === 'script') return step.sets;
  if (!('capture' in step) || step.capture === undefined) return [];
  return typeof step.capture === 'string' ? [step.capture] : Object.keys(step.capture);
}
