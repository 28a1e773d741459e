import { checkText as text } from '../texts/check-texts.ts';
import type { CodedText } from '../../words/index.ts';
import { AT_LIMITS } from '../../domain/at-module.ts';
import { describePattern } from '../../pattern/index.ts';
import { type DeviceSettings, takesIdentity } from '../device.ts';
import { findVerb, type Predecessor, type Step, verbOf } from '../verbs/index.ts';
import type { Mistake } from '../mistake.ts';
import { nearest } from './nearest.ts';
import type { RecipeView } from './view.ts';

/** Steps whose device lacks something that they need, or that run before the step that they need. */
export function* needMistakes(view: RecipeView): Iterable<Mistake> {
  const { device, inOrder } = view;
  if (device !== null) {
    yield* arrivalMistakes(device);
    yield* boardMistakes(device);
    yield* findMistakes(device);
    yield* identifyMistakes(device, view);
  }
  yield* productMistakes(view);
  let identified = false;
  let burned = false;
  for (const { path, step, verb, known } of inOrder) {
    const at = [...path, 'verb'];
    const lacks = device === null || step === null ? null : (verbOf(step).lacks?.(device, step) ?? null);
    const before = predecessorOf(verb, step);
    if (lacks !== null) yield { path: at, message: lacks };
    else if (before === 'identify' && !identified) yield { path: at, message: text('needs-identify', verb) };
    else if (before === 'burn-triple' && !burned) yield { path: at, message: withoutIdentity(verb, device) };
    // A step with an unknown verb may be the missing predecessor.
    identified ||= verb === 'identify' || !known;
    burned ||= verb === 'burn-triple' || !known;
  }
}

/** A ProductId that an AT module cannot be given: Aliyun's are longer than it takes. */
function* productMistakes({ product, device, inOrder }: RecipeView): Iterable<Mistake> {
  const burns = inOrder.some(({ verb }) => verb === 'burn-triple');
  if (!burns || device?.profile !== 'at-module' || product.length <= AT_LIMITS.productIdBytes) return;
  yield {
    path: ['product'],
    message: text('product-too-long', product.length, AT_LIMITS.productIdBytes),
  };
}

const UNIT_VALUE = /(?<!\$)\{(mac|macHex|macTail|serialNumber)\}/;

function withoutIdentity(verb: string, device: DeviceSettings | null): CodedText {
  if (device === null || takesIdentity(device)) return text('needs-burn', verb);
  return text(verb === 'scan-label' ? 'described-compares-nothing' : 'described-prints-nothing');
}

/** The verb that has to come before. Also known for a step whose shape is wrong, unless it depends on the step. */
function predecessorOf(verb: string, step: Step | null): Predecessor | null {
  const after = findVerb(verb)?.after ?? null;
  if (typeof after !== 'function') return after;
  return step === null ? null : after(step);
}

function* arrivalMistakes({ arrival }: DeviceSettings): Iterable<Mistake> {
  if (arrival !== undefined && arrival.expect === undefined && arrival.hex === undefined)
    yield { path: ['device', 'arrival'], message: text('arrival-empty') };
}

/** A search that any unit fits: the neighbour's would be tested when the unit of the slot is silent. */
function* findMistakes({ ble }: DeviceSettings): Iterable<Mistake> {
  const find = ble?.find;
  if (find === undefined) return;
  const texts = [find.localName, find.manufacturerData, find.answer?.equals];
  if (texts.some((text) => text !== undefined && UNIT_VALUE.test(text))) return;
  yield {
    path: ['device', 'ble', 'find'],
    message: text('find-fits-others'),
  };
}

function* boardMistakes({ board }: DeviceSettings): Iterable<Mistake> {
  if (board?.channel !== undefined && board.firstChannel !== undefined)
    yield {
      path: ['device', 'board', 'firstChannel'],
      message: text('board-first-channel'),
    };
}

/** Groups of a pattern that say which unit it is. */
const IDENTIFY_GROUPS = ['mac', 'id', 'model', 'firmware'] as const;

/** A described device whose answers do not contain what the recipe needs. */
function* identifyMistakes(device: DeviceSettings, { inOrder }: RecipeView): Iterable<Mistake> {
  const { identify, profile, frames } = device;
  if (profile !== 'described' || identify === undefined) return;
  const reported = new Set<string>();
  let readable = true;
  for (const [index, request] of identify.entries()) {
    const path = ['device', 'identify', index];
    if ((request.frame !== undefined || request.expectFrame !== undefined) && frames === undefined)
      yield { path, message: text('frames-not-described') };
    const { ampe } = request;
    if (ampe !== undefined) {
      for (const part of IDENTIFY_GROUPS)
        if (part === 'id' || (part !== 'mac' && ampe[part] !== undefined)) reported.add(part);
      continue;
    }
    const key = request.expect === undefined ? 'expectFrame' : 'expect';
    const parts = describePattern(request[key] ?? '');
    readable &&= parts !== null;
    for (const name of parts?.names ?? []) {
      reported.add(name);
      const near = IDENTIFY_GROUPS.some((known) => known === name) ? null : nearest(name, IDENTIFY_GROUPS);
      if (near !== null) yield { path: [...path, key], message: text('identify-group-near', name, near) };
    }
  }
  if (!readable) return;
  if (!reported.has('mac') && !reported.has('id'))
    yield {
      path: ['device', 'identify'],
      message: text('identify-no-id'),
    };
  for (const { path, step } of inOrder) {
    if (step?.verb !== 'identify') continue;
    for (const key of ['model', 'firmware'] as const) {
      if (step[key] === undefined || reported.has(key)) continue;
      yield { path: [...path, key], message: text('identify-no-group', key) };
    }
  }
}
