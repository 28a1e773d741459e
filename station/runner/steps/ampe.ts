import { atPath } from '#shared/domain/ampe.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/domain/recipe/index.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import { callAmpe, decoded } from '../../protocols/index.ts';
import type { RunContext } from '../run-context.ts';
import { filledSpecs } from './conversation.ts';
import { held, judge, toValue } from './judge.ts';

/** One request to a terminal, and what its reply must say. */
export async function ampe(step: StepOf<'ampe'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { action, event, success, awaitPath, withinMs } = step;
  const params = Object.fromEntries(
    Object.entries(step.params).map(([key, value]) => [
      key,
      typeof value === 'string' ? run.scope.text(value) : value,
    ]),
  );
  const reply = await callAmpe(run.wire, { action, event, params, success, awaitPath }, { withinMs }, signal);
  const textAt = (path: string): string => {
    const value = atPath(reply, path);
    if (value === undefined || value === null) {
      throw new Fault('device-garbled', `${action}: the reply has no ${path}`, {
        hint: 'The recording has the whole reply.',
        details: { command: action, measurement: path },
      });
    }
    const text =
      typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
    return decoded(text, path, action);
  };
  for (const [path, source] of Object.entries(step.expect)) {
    const pattern = run.scope.pattern(source);
    const value = textAt(path);
    if (compilePattern(pattern).test(value)) continue;
    throw new Fault('limit-exceeded', `${action}: ${path} is ${value}, not /${pattern}/`, {
      hint: 'Try once more; when it stays so, the unit is faulty.',
      details: { measurement: path, value, limits: `~ /${pattern}/` },
    });
  }
  for (const [name, path] of Object.entries(step.capture)) run.scope.set(name, textAt(path));
  judge(
    run,
    filledSpecs(step.measure, run).map((spec) => {
      const value = toValue(textAt(String(spec.group ?? 'data')), spec, action);
      return held(spec.name, value, spec.limits, spec.unit ?? null);
    }),
  );
}
