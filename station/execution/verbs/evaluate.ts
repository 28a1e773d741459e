import { type NameTable, idToName, NAME_TABLES } from '#shared/domain/device-names.ts';
import { readDecimal, type ReadNumber, readHex, readSignedHex } from '#shared/domain/exact-number.ts';
import { Fault } from '#shared/domain/fault.ts';
import { bounds, formatLimits, judgeValue, type MeasuredValue } from '#shared/domain/limits.ts';
import type { MeasurementSpec } from '#shared/recipe/index.ts';
import { requireText } from '../../devices/protocols/index.ts';
import type { CurvePoint } from '../../core/database/index.ts';
import type { Measured, RunContext } from '../run-context/index.ts';
import type { FilledLimits } from '../run-context/index.ts';
import { MOST_KEPT_CHARACTERS, shortened } from './shortened.ts';

/** What a person reads of a fault; the record has all of it. */
const MOST_TOLD = 20;
const TOLD_CHARACTERS = 200;

/** What is measured, with limits that have no variables left in them. */
export type FilledSpec = Omit<MeasurementSpec, 'limits'> & { readonly limits?: FilledLimits | undefined };

/** A value held against its limits, if it has any. */
export function held(
  name: string,
  value: MeasuredValue,
  limits: FilledLimits | undefined,
  unit: string | null = null,
  at: readonly CurvePoint[] | null = null,
): Measured {
  if (limits === undefined) return { name, value, unit, limits: '', outcome: 'PASS', at };
  const judgement = judgeValue(value, limits);
  return {
    name,
    value,
    unit,
    limits: formatLimits(limits, unit ?? undefined),
    outcome: judgement === 'fail' ? 'FAIL' : 'PASS',
    marginal: judgement === 'marginal',
    relative: limits.relative === true,
    ...bounds(limits),
    at,
  };
}

/** Records all of them. Faults: `limit-exceeded` naming each that is outside its limits. */
export function judge(run: Pick<RunContext, 'measure'>, all: readonly Measured[]): void {
  for (const measured of all) run.measure(measured);
  const failed = all.filter(({ outcome }) => outcome === 'FAIL');
  const [first] = failed;
  if (first === undefined) return;
  const told = failed.slice(0, MOST_TOLD).map(describe);
  if (failed.length > MOST_TOLD) told.push(`and ${failed.length - MOST_TOLD} more`);
  throw new Fault('limit-exceeded', told.join('; '), {
    hint: 'Try once more; when it stays so, the unit is faulty.',
    // The screen's sentence names the first; the message and the record have them all.
    details: { measurement: first.name, value: withUnit(first), limits: cut(first.limits) },
  });
}

/**
 * What a recipe wants measured of an answer, taken from the groups of the pattern that it matched; a curve takes a point
 * of every match. `what` names the question, for faults: `device-garbled` for a group that is no number or not one that can be kept digit by digit,
 * `recipe-invalid` for one that is not there.
 */
export function measured(
  matches: readonly RegExpExecArray[],
  specs: readonly FilledSpec[],
  what: string,
): Measured[] {
  return specs.flatMap((spec) =>
    (spec.at === undefined ? matches.slice(0, 1) : matches).map((match) => {
      const at = spec.at?.map(({ name, group, unit = null, as }) => {
        const text = groupOf(match, group, name, what);
        return { name, unit, value: as === 'number' ? toNumber(text, name, what) : text };
      });
      const value = toValue(groupOf(match, spec.group ?? 0, spec.name, what), spec, what);
      const whole = held(spec.name, value, spec.limits, spec.unit ?? null, at ?? null);
      // A dump is held whole against its limits, and named in the record by its beginning, length and digest.
      const isDump = typeof value === 'string' && value.length > MOST_KEPT_CHARACTERS;
      return isDump ? { ...whole, value: shortened(value) } : whole;
    }),
  );
}

/** A text as a recipe wants it measured. Faults: `device-garbled` when it is not what it should be. */
export function toValue(
  text: string,
  spec: Pick<MeasurementSpec, 'as' | 'scale' | 'name'>,
  what: string,
): MeasuredValue {
  const { as, scale, name } = spec;
  if (as === 'text') return text;
  if (as === 'hex') return scaled(taken(readHex(text), text, name, what), scale);
  if (as === 'signed-hex') return scaled(taken(readSignedHex(text), text, name, what), scale);
  const number = toNumber(text, name, what);
  return isTable(as) ? idToName(as, number) : scaled(number, scale);
}

/** A group of a match. Faults: `recipe-invalid` when the pattern has none of that name. */
export function groupOf(match: RegExpExecArray, group: string | number, name: string, what: string): string {
  const text = typeof group === 'string' ? match.groups?.[group] : match[group];
  if (text === undefined)
    throw new Fault('recipe-invalid', `${what}: the pattern has no group ${group} for ${name}`);
  return requireText(text, name, what);
}

/** True for a value that a number is made of, and that stays one. */
export function isNumeric(as: MeasurementSpec['as']): boolean {
  return as === 'number' || as === 'hex' || as === 'signed-hex';
}

function isTable(as: MeasurementSpec['as']): as is NameTable {
  return NAME_TABLES.some((table) => table === as);
}

function toNumber(text: string, name: string, what: string): number {
  return taken(readDecimal(text), text, name, what);
}

function taken(read: ReadNumber, text: string, name: string, what: string): number {
  if (read.ok) return read.value;
  throw new Fault('device-garbled', `${what}: ${name} is "${text}", which ${read.why}`, {
    hint: 'Measure it "as: text" when it is a name and no quantity; "as: hex" when it is written in hex.',
    details: { measurement: name, value: text },
  });
}

/** A double keeps every decimal number of up to 15 digits (IEEE 754, 53 bits of significand). */
const SCALED_DIGITS = 15;

/** Millivolts as volts without the dust of binary fractions: 3301 × 0.001 is 3.301. */
function scaled(value: number, scale: number | undefined): number {
  return scale === undefined ? value : Number((value * scale).toPrecision(SCALED_DIGITS));
}

function describe(measured: Measured): string {
  const where = measured.at?.map(
    ({ name, value, unit }) => `${name} ${value}${unit === null ? '' : ` ${unit}`}`,
  );
  const at = where === undefined ? '' : ` at ${where.join(', ')}`;
  return `${measured.name}${at} is ${withUnit(measured)}, limits ${cut(measured.limits)}`;
}

function withUnit({ value, unit }: Measured): string {
  return unit === null ? cut(String(value)) : `${cut(String(value))} ${unit}`;
}

function cut(text: string): string {
  return text.length > TOLD_CHARACTERS ? `${text.slice(0, TOLD_CHARACTERS)}…` : text;
}
