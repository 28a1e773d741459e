import { Fault } from '#shared/domain/fault.ts';
import { formatLimits, type Limits, type MeasuredValue, withinLimits } from '#shared/domain/limits.ts';
import type { MeasurementSpec } from '#shared/domain/recipe.ts';
import type { Measured, RunContext } from '../run-context.ts';

/** A value held against its limits, if it has any. */
export function held(
  name: string,
  value: MeasuredValue,
  limits: Limits | undefined,
  unit: string | null = null,
): Measured {
  const met = limits === undefined || withinLimits(value, limits);
  const words = limits === undefined ? '' : formatLimits(limits, unit ?? undefined);
  return { name, value, unit, limits: words, outcome: met ? 'PASS' : 'FAIL' };
}

/** Records all of them. Faults: `limit-exceeded` naming each that is outside its limits. */
export function judge(run: RunContext, all: readonly Measured[]): void {
  for (const measured of all) run.measure(measured);
  const failed = all.filter(({ outcome }) => outcome === 'FAIL');
  const [first] = failed;
  if (first === undefined) return;
  throw new Fault('limit-exceeded', failed.map(describe).join('; '), {
    hint: 'Try once more; when it stays so, the unit is faulty.',
    // The screen's sentence names the first; the message and the record have them all.
    details: { measurement: first.name, value: withUnit(first), limits: first.limits },
  });
}

/**
 * What a recipe wants measured of an answer, taken from the groups of the pattern that it matched. `what` names the
 * question, for faults: `device-garbled` for a group that is no number, `recipe-invalid` for one that is not there.
 */
export function measured(
  match: RegExpExecArray,
  specs: readonly MeasurementSpec[],
  what: string,
): Measured[] {
  return specs.map((spec) => held(spec.name, valueOf(match, spec, what), spec.limits, spec.unit ?? null));
}

function describe(measured: Measured): string {
  return `${measured.name} is ${withUnit(measured)}, limits ${measured.limits}`;
}

function withUnit({ value, unit }: Measured): string {
  return unit === null ? String(value) : `${String(value)} ${unit}`;
}

function valueOf(match: RegExpExecArray, spec: MeasurementSpec, what: string): MeasuredValue {
  const text = typeof spec.group === 'string' ? match.groups?.[spec.group] : match[spec.group ?? 0];
  if (text === undefined) {
    throw new Fault(
      'recipe-invalid',
      `${what}: the pattern has no group ${String(spec.group)} for ${spec.name}`,
    );
  }
  if (spec.as === 'text') return text;
  const value =
    spec.as === 'hex' ? (/^[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) : NaN) : Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new Fault('device-garbled', `${what}: ${spec.name} is "${text}", not a number`, {
      details: { measurement: spec.name, value: text },
    });
  }
  return value;
}
