import { isPcmLevel, levelOfPcm16, type PcmLevel } from '#shared/codec/pcm16.ts';
import { type NameTable, idToName, NAME_TABLES } from '#shared/domain/iot-video-names.ts';
import { parseDecimal, type ParsedNumber, parseHex, parseSignedHex } from '#shared/domain/exact-number.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { Capture, MeasurementSpec } from '#shared/recipe/index.ts';
import { requireText } from '../../devices/protocols/index.ts';
import type { FilledLimits, Measurement, RunContext } from '../run-context/index.ts';
import { abbreviate, MAX_RECORDED_CHARACTERS, requireVariableLength } from './abbreviate.ts';
import { evaluate } from './evaluate.ts';

/** A double holds every decimal number of up to 15 digits (IEEE 754, 53 bits of significand). */
const SCALED_DIGITS = 15;

/** The specification of a measurement whose limits have no variables. */
export type FilledSpec = Omit<MeasurementSpec, 'limits'> & { readonly limits?: FilledLimits | undefined };

/** Fills the variables into the limits of measurements. Faults: those of `RunScope.limits`. */
export function resolveTemplates(specs: readonly MeasurementSpec[], run: RunContext): FilledSpec[] {
  return specs.map(({ limits, ...spec }) => ({
    ...spec,
    limits: limits && run.scope.limits(limits, spec.name, isNumeric(spec.as)),
  }));
}

/**
 * Takes measurements out of an answer, by the groups of the pattern that it matched; a curve takes a point of every match.
 * Faults: `device-garbled` for a group that is no number or that a number cannot hold exactly, `recipe-invalid` for a group
 * that the pattern does not have.
 *
 * @param what name of the request, for messages
 */
export function extractMeasurements(
  matches: readonly RegExpExecArray[],
  specs: readonly FilledSpec[],
  what: string,
): Measurement[] {
  return specs.flatMap((spec) =>
    (spec.at === undefined ? matches.slice(0, 1) : matches).map((match) => {
      const at = spec.at?.map(({ name, group, unit = null, as }) => {
        const text = groupOf(match, group, name, what);
        return { name, unit, value: as === 'number' ? toNumber(text, name, what) : text };
      });
      const value = convertValue(groupOf(match, spec.group ?? 0, spec.name, what), spec, what);
      const measurement = evaluate(spec.name, value, spec.limits, spec.unit ?? null, at ?? null);
      // The whole value is compared with the limits; the record has an abbreviation of a long one.
      const isLong = typeof value === 'string' && value.length > MAX_RECORDED_CHARACTERS;
      return isLong ? { ...measurement, value: abbreviate(value) } : measurement;
    }),
  );
}

/**
 * Sets the variables that a step captures, from the first match. Faults: `device-garbled` for one that is no number and
 * should be, `recipe-invalid` for one that is too long or whose group the pattern does not have.
 */
export function captureVariables(
  captures: Readonly<Record<string, Capture>>,
  matches: readonly RegExpExecArray[],
  run: RunContext,
  what: string,
): void {
  const [match] = matches;
  if (match === undefined) return;
  for (const [name, capture] of Object.entries(captures)) {
    const spec = typeof capture === 'object' ? capture : { group: capture, as: 'text' as const };
    const { group, as, scale } = spec;
    const text = String(convertValue(groupOf(match, group, name, what), { name, as, scale }, what));
    run.scope.set(name, requireVariableLength(text, `${what}: ${name}`));
  }
}

/** Converts a text to the type of its measurement. Faults: `device-garbled` for a text that is no such value. */
export function convertValue(
  text: string,
  spec: Pick<MeasurementSpec, 'as' | 'scale' | 'name'>,
  what: string,
): MeasuredValue {
  const { as, scale, name } = spec;
  if (as === 'text') return text;
  if (as === 'hex') return scaled(requireNumber(parseHex(text), text, name, what), scale);
  if (as === 'signed-hex') return scaled(requireNumber(parseSignedHex(text), text, name, what), scale);
  if (isPcmLevel(as)) return scaled(pcmLevel(text, as, name, what), scale);
  const number = toNumber(text, name, what);
  return isTable(as) ? idToName(as, number) : scaled(number, scale);
}

function groupOf(match: RegExpExecArray, group: string | number, name: string, what: string): string {
  const text = typeof group === 'string' ? match.groups?.[group] : match[group];
  if (text === undefined)
    throw new Fault('recipe-invalid', `${what}: the pattern has no group ${group} for ${name}`);
  return requireText(text, name, what);
}

function isNumeric(as: MeasurementSpec['as']): boolean {
  return as === 'number' || as === 'hex' || as === 'signed-hex' || isPcmLevel(as);
}

function pcmLevel(text: string, as: PcmLevel, name: string, what: string): number {
  const level = levelOfPcm16(text, as);
  if (level !== null) return level;
  throw new Fault('device-garbled', `${what}: ${name} is no PCM of 16 bit`, {
    hint: 'It must be base64 or a list of bytes, with two bytes for each sample.',
    details: { measurement: name },
  });
}

function isTable(as: MeasurementSpec['as']): as is NameTable {
  return NAME_TABLES.some((table) => table === as);
}

function toNumber(text: string, name: string, what: string): number {
  return requireNumber(parseDecimal(text), text, name, what);
}

function requireNumber(read: ParsedNumber, text: string, name: string, what: string): number {
  if (read.ok) return read.value;
  throw new Fault('device-garbled', `${what}: ${name} is "${text}", which ${read.reason.en}`, {
    hint: 'Measure it "as: text" when it is a name and no quantity; "as: hex" when it is written in hex.',
    details: { measurement: name, value: text },
  });
}

/** Rounded, so that 3301 × 0.001 is 3.301 in spite of binary fractions. */
function scaled(value: number, scale: number | undefined): number {
  return scale === undefined ? value : Number((value * scale).toPrecision(SCALED_DIGITS));
}
