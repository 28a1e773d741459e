import { Fault } from '#shared/domain/fault.ts';
import { formatLimits, type MeasuredValue, withinLimits } from '#shared/domain/limits.ts';
import type { MeasurementSpec, StepOf } from '#shared/domain/recipe.ts';
import type { RunContext } from '../run-context.ts';

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
  const failed: string[] = [];
  for (const spec of step.measure) {
    const value = valueOf(match, spec, step.send);
    const met = spec.limits === undefined || withinLimits(value, spec.limits);
    const limits = spec.limits === undefined ? '' : formatLimits(spec.limits, spec.unit);
    run.measure({ name: spec.name, value, unit: spec.unit ?? null, limits, outcome: met ? 'PASS' : 'FAIL' });
    if (!met)
      failed.push(
        `${spec.name} is ${String(value)}${spec.unit === undefined ? '' : ` ${spec.unit}`}, limits ${limits}`,
      );
  }
  if (failed.length === 0) return;
  throw new Fault('limit-exceeded', failed.join('; '), {
    hint: 'Try once more; when it stays so, the unit is faulty.',
    details: { command: step.send, limits: failed.join('; ') },
  });
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
