import { verbText as text } from '../texts/verb-texts.ts';
import type { CodedText } from '../../words/index.ts';
import type { z } from 'zod';
import { BLE_DEVICE_DEFAULTS } from '../ble.ts';
import { type DeviceSettings, takesIdentity } from '../device.ts';
import type { MeasurementSpec, RecipeLimits } from '../measurement.ts';
import type { Mistake } from '../mistake.ts';
import type { KeyDoc } from '../reference/key-doc.ts';

/** Documentation of a verb: for the JSON Schema that editors show, and for docs/recipes.md. */
export interface VerbDoc {
  /** What a step of this verb does. */
  readonly about: string;
  /** YAML: one step, or more when one alone means nothing. It is valid in a recipe whose device has what the verb requires. */
  readonly example: string;
  /** Keys whose meaning differs from other verbs, by their path in the step. */
  readonly keys?: Readonly<Record<string, KeyDoc>>;
}

/** How long a step waits because its keys, or those of the device, say so. */
export interface OwnWait {
  /** Keys of the step that make up the wait; empty when the keys are those of the device. */
  readonly keys: readonly string[];
  /** Name of the keys for messages; the keys themselves when left out. */
  readonly label?: string;
  readonly ms: number;
}

/** The pattern that measurements and variables of a step are taken from. */
export interface AnswerPattern {
  /** Key of the pattern. */
  readonly key: string;
  /** `undefined` when the step has none. */
  readonly pattern: string | undefined;
  /** The pattern is matched against upper-case hex without blanks. */
  readonly inHex: boolean;
}

/** Type of a value when it is compared with its limits; `unknown` when the unit decides. */
export type ValueType = 'number' | 'level' | 'text' | 'name' | 'unknown';

/** Limits of a step outside of a list under `measure`. */
export interface StepLimits {
  /** Path of the limits in the step. */
  readonly path: readonly string[];
  readonly type: ValueType;
  readonly limits: RecipeLimits | undefined;
  /** Key that would make a number of the value. */
  readonly remedy?: string;
}

/** The verb whose step must run before. */
export type Predecessor = 'identify' | 'burn-triple';

/**
 * Everything that is known about a verb without doing it. The step union, the JSON Schema, the reference documentation,
 * the check of recipes, default limits of time and the resume rule are made from the list of these (`verbs/index.ts`);
 * `station/execution/verbs/` has the function that executes a step.
 */
export interface VerbDefinition<V extends string, S extends z.ZodType<{ readonly verb: V }>> {
  readonly verb: V;
  /** Shape of a step. */
  readonly step: S;
  readonly doc: VerbDoc;
  /** What the device lacks for this step, as a message; `null` when nothing. */
  lacks?(device: DeviceSettings, step: z.infer<S>): CodedText | null;
  /** The verb whose step must run before; a function when it depends on the step. */
  readonly after?: Predecessor | ((step: z.infer<S>) => Predecessor | null);
  /**
   * True: the step is executed again when a run is resumed although it had passed. For steps whose effect a restart of the
   * station loses (a state of the port, of a relay or of the unit's memory), and for steps that establish which unit is on
   * the slot and which identity it has, because the unit may have been exchanged.
   */
  readonly repeatOnResume?: boolean;
  /** The wait that every limit of time must leave room for; none when left out. */
  ownWait?(step: z.infer<S>, device: DeviceSettings | null): OwnWait;
  /**
   * Milliseconds that the device may take in addition by its own settings, as for a connection; 0 when left out. The
   * default limit of time leaves room for it; a shorter `timeoutMs` is no mistake.
   */
  deviceMs?(step: z.infer<S>, device: DeviceSettings): number;
  /**
   * Milliseconds that the step may go on after its signal, until it is safe to leave; 5 s when left out. The executor
   * abandons a step that takes longer.
   */
  readonly settleMs?: number;
  /** Variables that the step sets; those of `capture` when left out. */
  variables?(step: z.infer<S>): readonly string[];
  /** Key whose text is sent to the unit as it is written. */
  readonly sentText?: string;
  answerPattern?(step: z.infer<S>): AnswerPattern;
  limits?(step: z.infer<S>): readonly StepLimits[];
  /** Type of the values under `measure`; by their key `as` when left out. */
  measuredType?(spec: MeasurementSpec): ValueType | null;
  /** Keys whose texts hold no placeholders and no variables. */
  readonly literalKeys?: readonly string[];
  /**
   * Further mistakes of a step whose shape is right, with paths from the step.
   *
   * @param keys keys that are written in the recipe, as opposed to defaults
   */
  mistakes?(step: z.infer<S>, keys: readonly string[]): Iterable<Mistake>;
}

/** Gives the members of a definition the types that its shape implies. */
export function defineVerb<V extends string, S extends z.ZodType<{ readonly verb: V }>>(
  definition: VerbDefinition<V, S>,
): VerbDefinition<V, S> {
  return definition;
}

/** For steps with commands of Tencent's AT firmware. */
export function lacksAtCommands({ profile }: DeviceSettings): CodedText | null {
  return profile === 'at-module' ? null : text('needs-at-module');
}

/** For steps about the triple that a unit holds. */
export function lacksIdentity(device: DeviceSettings): CodedText | null {
  return takesIdentity(device) ? null : text('needs-identity');
}

/** For steps that make the unit log in. */
export function lacksLogin({ profile, identity }: DeviceSettings): CodedText | null {
  return profile === 'at-module' || identity?.login !== undefined ? null : text('needs-login');
}

/** For steps that end the login of a unit. */
export function lacksLogout({ profile, identity }: DeviceSettings): CodedText | null {
  return profile === 'at-module' || identity?.logout !== undefined ? null : text('needs-logout');
}

/** For steps that send or await frames. */
export function lacksFrames(
  { frames }: DeviceSettings,
  step: { readonly frame?: string | undefined; readonly expectFrame?: string | undefined },
): CodedText | null {
  const isFramed = step.frame !== undefined || step.expectFrame !== undefined;
  return isFramed && frames === undefined ? text('needs-frames') : null;
}

/** Keys of a step with an instrument that only the unit has: frames, and a line end of its own. */
export function* instrumentMistakes(
  step: { readonly instrument?: string | undefined },
  keys: readonly string[],
): Iterable<Mistake> {
  if (step.instrument === undefined) return;
  for (const key of ['frame', 'expectFrame'])
    if (keys.includes(key)) yield { path: [key], message: text('instrument-frames') };
  if (keys.includes('end')) yield { path: ['end'], message: text('instrument-end') };
}

export function waitWithin({ withinMs }: { readonly withinMs: number }): OwnWait {
  return { keys: ['withinMs'], ms: withinMs };
}

export function waitForAnswer({ answerMs }: { readonly answerMs: number }): OwnWait {
  return { keys: ['answerMs'], ms: answerMs };
}

/** `deviceMs` of steps over Bluetooth, each of which connects when there is no connection. */
export function timeToConnect(_step: unknown, { ble = BLE_DEVICE_DEFAULTS }: DeviceSettings): number {
  return ble.connectMs + ble.settleMs + timeToFind(_step, { ble });
}

/** `deviceMs` of steps that receive a unit over Bluetooth: the time in which it is found, where its address is not known. */
export function timeToFind(_step: unknown, { ble }: Pick<DeviceSettings, 'ble'>): number {
  const find = ble?.find;
  return find === undefined ? 0 : find.withinMs + find.aloneMs;
}

/** For steps with `expect` or `expectFrame`. */
export function patternOfAnswer(step: {
  readonly expect?: string | undefined;
  readonly expectFrame?: string | undefined;
}): AnswerPattern {
  return step.expect === undefined
    ? { key: 'expectFrame', pattern: step.expectFrame, inHex: true }
    : { key: 'expect', pattern: step.expect, inHex: false };
}
