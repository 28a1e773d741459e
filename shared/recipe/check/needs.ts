import { AT_LIMITS } from '../../domain/at-module.ts';
import { describePattern } from '../../pattern/index.ts';
import type { DeviceSettings } from '../device.ts';
import type { Step, StepVerb } from '../step.ts';
import type { Mistake } from './explain.ts';
import { nearest } from './nearest.ts';
import type { RecipeView } from './view.ts';

/** What a verb needs of the device, or `null` when that is there. */
const NEEDS: Partial<Record<StepVerb, (device: DeviceSettings) => string | null>> = {
  reset: ({ reset }) => (reset === undefined ? 'device.reset says nothing of how to reset the unit' : null),
  power: ({ board }) => (board === undefined ? 'device.board says nothing of a relay board' : null),
  'read-pin': ({ board }) =>
    board?.kind === 'numato' ? null : 'device.board is no board with inputs (kind: numato)',
  'at-command': atOnly,
  'burn-triple': atOnly,
  'prove-online': atOnly,
  'log-out': atOnly,
  'property-reported': atOnly,
  'control-property': atOnly,
  'call-action': atOnly,
  'thing-model': atOnly,
  'temporary-password': atOnly,
};

function atOnly({ profile }: DeviceSettings): string | null {
  return profile === 'at-module' ? null : 'is only for devices of profile at-module';
}

/** Steps that speak to the unit as somebody, and those that speak of the identity that was burned. */
const AFTER_IDENTIFY: readonly string[] = [
  'burn-triple',
  'ble-advertises',
  'ble-services',
  'ble-request',
  'ble-read',
];
const AFTER_BURN: readonly string[] = [
  'label',
  'prove-online',
  'property-reported',
  'control-property',
  'call-action',
  'thing-model',
  'temporary-password',
];

/** Steps whose device, or whose place in the run, lacks what they need. */
export function* needMistakes(view: RecipeView): Iterable<Mistake> {
  const { device, inOrder } = view;
  if (device !== null) yield* identityMistakes(device, view);
  yield* productMistakes(view);
  let identified = false;
  let burned = false;
  for (const { path, step, verb, known } of inOrder) {
    const at = [...path, 'verb'];
    const needs = device === null || step === null ? null : missing(device, step);
    if (needs !== null) yield { path: at, message: needs };
    const codeOfUnit = step?.verb === 'scan-label' && step.equals === 'device-code';
    if (AFTER_IDENTIFY.includes(verb) && !identified && needs === null)
      yield { path: at, message: `${verb} needs an identify step before it` };
    else if ((AFTER_BURN.includes(verb) || codeOfUnit) && !burned && needs === null)
      yield { path: at, message: withoutIdentity(verb, device) };
    // A step that nobody knows may have been the one that is looked for.
    identified ||= verb === 'identify' || !known;
    burned ||= verb === 'burn-triple' || !known;
  }
}

/** Whoever burns a triple must be able to write its ProductId: Aliyun's are longer than an AT module takes. */
function* productMistakes({ product, device, inOrder }: RecipeView): Iterable<Mistake> {
  const burns = inOrder.some(({ verb }) => verb === 'burn-triple');
  if (!burns || device?.profile !== 'at-module' || product.length <= AT_LIMITS.productIdBytes) return;
  yield {
    path: ['product'],
    message: `has ${product.length} characters, and an AT module takes a ProductId of ${AT_LIMITS.productIdBytes}`,
  };
}

function withoutIdentity(verb: string, device: DeviceSettings | null): string {
  if (device?.profile !== 'described') return `${verb} needs a burn-triple step before it`;
  return verb === 'scan-label'
    ? "a device of profile described has no identity to compare: write equals: '{serialNumber}'"
    : 'a device of profile described has no identity to print: leave the step out';
}

function missing(device: DeviceSettings, step: Step): string | null {
  const framed =
    ('frame' in step && step.frame !== undefined) ||
    ('expectFrame' in step && step.expectFrame !== undefined);
  return (
    NEEDS[step.verb]?.(device) ??
    (framed && device.frames === undefined ? 'device.frames says nothing of its frames' : null) ??
    (step.verb === 'script' && step.relays.length > 0 && device.board === undefined
      ? 'switches relays, and device.board says nothing of a relay board'
      : null)
  );
}

const TELLS = ['mac', 'id', 'model', 'firmware'] as const;

/** A described device whose answers do not say what the recipe wants to know. */
function* identityMistakes(device: DeviceSettings, { inOrder }: RecipeView): Iterable<Mistake> {
  const { identify, profile, frames, arrival } = device;
  if (arrival !== undefined && arrival.expect === undefined && arrival.hex === undefined)
    yield { path: ['device', 'arrival'], message: 'awaits exactly one of: expect, hex' };
  if (profile !== 'described' || identify === undefined) return;
  const told = new Set<string>();
  let readable = true;
  for (const [index, question] of identify.entries()) {
    const path = ['device', 'identify', index];
    if ((question.frame !== undefined || question.expectFrame !== undefined) && frames === undefined)
      yield { path, message: 'device.frames says nothing of its frames' };
    const { ampe } = question;
    if (ampe !== undefined) {
      for (const part of TELLS)
        if (part === 'id' || (part !== 'mac' && ampe[part] !== undefined)) told.add(part);
      continue;
    }
    const key = question.expect === undefined ? 'expectFrame' : 'expect';
    const parts = describePattern(question[key] ?? '');
    readable &&= parts !== null;
    for (const name of parts?.names ?? []) {
      told.add(name);
      const near = TELLS.some((known) => known === name) ? null : nearest(name, TELLS);
      if (near !== null)
        yield { path: [...path, key], message: `a group named ${name} is not used; did you mean ${near}?` };
    }
  }
  if (!readable) return;
  if (!told.has('mac') && !told.has('id'))
    yield {
      path: ['device', 'identify'],
      message:
        'no question has a group named mac or id, as (?<mac>[0-9A-F:]{17}): the unit says nothing it is known by',
    };
  for (const { path, step } of inOrder) {
    if (step?.verb !== 'identify') continue;
    for (const key of ['model', 'firmware'] as const) {
      if (step[key] === undefined || told.has(key)) continue;
      yield { path: [...path, key], message: `no question of device.identify has a group named ${key}` };
    }
  }
}
