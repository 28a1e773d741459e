import { Fault } from '#shared/domain/fault.ts';
import { bounds, formatLimits, evaluateLimits, type MeasuredValue } from '#shared/domain/limits.ts';
import type { CurvePoint } from '../../core/database/index.ts';
import type { FilledLimits, Measurement, RunContext } from '../run-context/index.ts';

/** Most measurements that a fault names; the record has all of them. */
const MAX_NAMED = 20;
const MAX_SHOWN_CHARACTERS = 200;

/** Compares a value with its limits; a value without limits passes. */
export function evaluate(
  name: string,
  value: MeasuredValue,
  limits: FilledLimits | undefined,
  unit: string | null = null,
  at: readonly CurvePoint[] | null = null,
): Measurement {
  if (limits === undefined) return { name, value, unit, limits: '', outcome: 'PASS', at };
  const result = evaluateLimits(value, limits);
  return {
    name,
    value,
    unit,
    limits: formatLimits(limits, unit ?? undefined),
    outcome: result === 'fail' ? 'FAIL' : 'PASS',
    marginal: result === 'marginal',
    relative: limits.relative === true,
    ...bounds(limits),
    at,
  };
}

/** Records measurements. Faults, after all are recorded: `limit-exceeded` that names each one outside of its limits. */
export function recordMeasurements(
  run: Pick<RunContext, 'measure'>,
  measurements: readonly Measurement[],
): void {
  for (const measurement of measurements) run.measure(measurement);
  requireWithinLimits(measurements);
}

/** Faults: `limit-exceeded` that names each measurement outside of its limits. */
export function requireWithinLimits(measurements: readonly Measurement[]): void {
  const failed = measurements.filter(({ outcome }) => outcome === 'FAIL');
  const [first] = failed;
  if (first === undefined) return;
  const sentences = failed.slice(0, MAX_NAMED).map(describe);
  if (failed.length > MAX_NAMED) sentences.push(`and ${failed.length - MAX_NAMED} more`);
  throw new Fault('limit-exceeded', sentences.join('; '), {
    hint: 'Try once more; when it stays so, the unit is faulty.',
    // The page names the first one; the message and the record have all of them.
    details: { measurement: first.name, value: withUnit(first), limits: cut(first.limits) },
  });
}

function describe(measurement: Measurement): string {
  const coordinates = measurement.at?.map(
    ({ name, value, unit }) => `${name} ${value}${unit === null ? '' : ` ${unit}`}`,
  );
  const position = coordinates === undefined ? '' : ` at ${coordinates.join(', ')}`;
  return `${measurement.name}${position} is ${withUnit(measurement)}, limits ${cut(measurement.limits)}`;
}

function withUnit({ value, unit }: Measurement): string {
  return unit === null ? cut(String(value)) : `${cut(String(value))} ${unit}`;
}

function cut(text: string): string {
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}
