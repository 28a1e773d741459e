import type { ReplayView } from '#shared/contract/index.ts';
import type { AttemptJson } from '../recording/index.ts';
import type { ParsedRecipe } from '../recipes/index.ts';
import type { Comparison } from './compare.ts';

/** A comparison as pages show it. */
export function toReplayView(
  comparison: Comparison,
  recorded: ParsedRecipe,
  replayed: ParsedRecipe,
): ReplayView {
  const { failure, steps, differences, ...rest } = comparison;
  return {
    ...rest,
    recipe: { recorded: nameOf(recorded), replayed: nameOf(replayed) },
    failure: failure === null ? null : { ...failure, details: { ...failure.details } },
    steps: steps.map((step) => ({
      ...step,
      recorded: toAttempt(step.recorded),
      replayed: toAttempt(step.replayed),
    })),
    differences: [...differences],
  };
}

function nameOf({ hash, recipe: { name, version } }: ParsedRecipe): ReplayView['recipe']['recorded'] {
  return { hash, name, version };
}

function toAttempt(attempt: AttemptJson | null): ReplayView['steps'][number]['recorded'] {
  if (attempt === null) return null;
  const { outcome, failure, measured } = attempt;
  return {
    outcome,
    failure: failure === null ? null : { ...failure, details: { ...failure.details } },
    measured: measured.map(({ name, value, unit, limits, outcome: own }) => ({
      name,
      value: typeof value === 'string' ? value : JSON.stringify(value),
      unit,
      limits,
      outcome: own,
    })),
  };
}
