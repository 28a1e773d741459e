import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { filledSpecs } from './serial-exchange.ts';
import { held, judge, toValue } from './evaluate.ts';

/** Holds what earlier steps captured against limits. */
export function measure(step: StepOf<'measure'>, run: RunContext): Promise<void> {
  const text = run.scope.text(step.value);
  const specs = filledSpecs(step.measure, run);
  judge(
    run,
    specs.map((spec) => held(spec.name, toValue(text, spec, step.value), spec.limits, spec.unit ?? null)),
  );
  return Promise.resolve();
}
