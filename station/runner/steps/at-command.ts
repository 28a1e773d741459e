import { Fault } from '#shared/domain/fault.ts';
import { formatLimits, type MeasuredValue, withinLimits } from '#shared/domain/limits.ts';
import type { MeasurementSpec, StepOf } from '#shared/domain/recipe.ts';
import type { Measured, RunContext } from '../run-context.ts';

/** Sends one AT command, expects a pattern in the answer, and measures what the pattern captured. */
export async function atCommand(
  step: StepOf<'at-command'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const timeoutMs = run.recipe.device.serial.commandTimeoutMs;
  const lines = await run.device.command(step.send, { timeoutMs }, signal);
  if (step.expect === undefined) return;
  const answer = lines.join('\n');
  const match = new RegExp(step.expect, 'mu').exec(answer);
  if (match === null) {
    throw new Fault('limit-exceeded', `${step.send}: the answer does not match /${step.expect}/`, {
      hint: 'The recording has the whole answer.',
      details: { command: step.send, value: answer.slice(0, 200), limits: step.expect },
    });
  }
  const failed: Measured[] = [];
  for (const spec of step.measure) {
    const value = valueOf(match, spec, step.send);
    const met = spec.limits === undefined || withinLimits(value, spec.limits);
    const limits = spec.limits === undefined ? '' : formatLimits(spec.limits, spec.unit);
    const measured: Measured = {
      name: spec.name,
      value,
      unit: spec.unit ?? null,
      limits,
      outcome: met ? 'PASS' : 'FAIL',
    };
    run.measure(measured);
    if (!met) failed.push(measured);
  }
  const [first] = failed;
  if (first === undefined) return;
  throw new Fault('limit-exceeded', failed.map(describe).join('; '), {
    hint: 'Try once more; when it stays so, the unit is faulty.',
    // The screen's sentence names the first; the message and the record have them all.
    details: { measurement: first.name, value: withUnit(first), limits: first.limits },
  });
}

function describe(measured: Measured): string {
  return `${measured.name} is ${withUnit(measured)}, limits ${measured.limits}`;
}

function withUnit({ value, unit }: Measured): string {
  return unit === null ? String(value) : `${String(value)} ${unit}`;
}

function valueOf(match: RegExpExecArray, spec: MeasurementSpec, command: string): MeasuredValue {
  const text = typeof spec.group === 'string' ? match.groups?.[spec.group] : match[spec.group ?? 0];
  if (text === undefined) {
    throw new Fault(
      'recipe-invalid',
      `${command}: the pattern has no group ${String(spec.group)} for ${spec.name}`,
    );
  }
  if (spec.as === 'text') return text;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new Fault('device-garbled', `${command}: ${spec.name} is "${text}", not a number`, {
      details: { measurement: spec.name, value: text },
    });
  }
  return value;
}
