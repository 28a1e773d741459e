import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';
import { convertValue, resolveTemplates } from './extract.ts';

/** Compares values that earlier steps captured with limits. */
export function measure(step: StepOf<'measure'>, run: RunContext): Promise<void> {
  const text = run.scope.text(step.value);
  const specs = resolveTemplates(step.measure, run);
  recordMeasurements(
    run,
    specs.map((spec) =>
      evaluate(spec.name, convertValue(text, spec, step.value), spec.limits, spec.unit ?? null),
    ),
  );
  return Promise.resolve();
}
