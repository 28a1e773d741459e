import { atPath } from '#shared/domain/ampe.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type AmpeParam, isFileAsBase64, type StepOf } from '#shared/recipe/index.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import { type AmpeValue, callAmpe, requireText } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { abbreviate, requireVariableLength } from './abbreviate.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';
import { convertValue, resolveTemplates } from './extract.ts';

/** Sends one request to a terminal and checks its reply, or the delivery after it. */
export async function ampe(step: StepOf<'ampe'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { action, call, listener, event, taskId, success, awaitPath, withinMs } = step;
  const command = listener ?? action ?? call ?? '';
  const params = fillParams(step.params, run);
  const request = {
    action,
    call,
    listener,
    event,
    taskId: taskId === undefined ? undefined : run.scope.text(taskId),
    params,
    success,
    awaitPath,
  };
  const message = await callAmpe(run.serial, request, { timeoutMs: withinMs }, signal);
  const textAt = (path: string): string => {
    const value = atPath(message, path);
    if (value === undefined || value === null) {
      throw new Fault('device-garbled', `${command}: the terminal's message has no ${path}`, {
        hint: 'The recording has the whole message.',
        details: { command, measurement: path },
      });
    }
    const text =
      typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
    return requireText(text, path, command);
  };
  for (const [path, source] of Object.entries(step.expect)) {
    const pattern = run.scope.pattern(source);
    const text = textAt(path);
    if (compilePattern(pattern).test(text)) continue;
    const value = abbreviate(text);
    throw new Fault('limit-exceeded', `${command}: ${path} is ${value}, not /${pattern}/`, {
      hint: 'Try once more; when it stays so, the unit is faulty.',
      details: { measurement: path, value, limits: `~ /${pattern}/` },
    });
  }
  for (const [name, path] of Object.entries(step.capture))
    run.scope.set(name, requireVariableLength(textAt(path), path));
  recordMeasurements(
    run,
    resolveTemplates(step.measure, run).map((spec) => {
      const value = convertValue(textAt(String(spec.group ?? 'data')), spec, command);
      const measurement = evaluate(spec.name, value, spec.limits, spec.unit ?? null);
      // The whole value is compared with the limits; the record has an abbreviation of a picture.
      return typeof value === 'string' ? { ...measurement, value: abbreviate(value) } : measurement;
    }),
  );
}

function fillParams(params: StepOf<'ampe'>['params'], run: RunContext): Readonly<Record<string, AmpeValue>> {
  return Object.fromEntries(Object.entries(params).map(([name, param]) => [name, fillParam(param, run)]));
}

function fillParam(param: AmpeParam, run: RunContext): AmpeValue {
  if (typeof param === 'string') return run.scope.text(param);
  if (typeof param !== 'object' || param === null) return param;
  if (isFileAsBase64(param)) return Buffer.from(run.files.get(param.base64Of) ?? []).toString('base64');
  if (Array.isArray(param)) return (param as readonly AmpeParam[]).map((item) => fillParam(item, run));
  return fillParams(param as StepOf<'ampe'>['params'], run);
}
