import { checkText as text } from '../texts/check-texts.ts';
import { compilePattern, patternProblem } from '../../pattern/index.ts';
import type { Condition } from '../common.ts';
import { referencesOf } from '../unit-text.ts';
import type { Mistake } from '../mistake.ts';
import { didYouMean } from './nearest.ts';
import type { StepView, RecipeView } from './view.ts';

/** Conditions that never hold, so that their step is never executed. */
export function* conditionMistakes({ inOrder }: RecipeView): Iterable<Mistake> {
  for (const [index, { path, step }] of inOrder.entries()) {
    if (step?.runIf === undefined) continue;
    const found = neverHolds(step.runIf, inOrder.slice(0, index));
    if (found !== null) yield { path: [...path, 'runIf', ...found.path], message: found.message };
  }
}

function neverHolds(condition: Condition, before: readonly StepView[]): Mistake | null {
  const { value, equals, not, pattern, min, max } = condition;
  if (isFixed(value)) {
    const sets = before.flatMap((one) => one.sets);
    const hint = sets.includes(value) ? text('or-variable', value) : didYouMean(value, sets);
    return {
      path: ['value'],
      message: text('condition-constant', value, hint),
    };
  }
  if (min !== undefined && max !== undefined && min > max)
    return { path: ['min'], message: text('condition-min-above-max') };
  if (equals === undefined) return null;
  if (equals === not) return { path: ['not'], message: text('condition-same') };
  if (!isFixed(equals)) return null;
  const number = equals.trim() === '' ? Number.NaN : Number(equals);
  if ((min !== undefined && !(number >= min)) || (max !== undefined && !(number <= max)))
    return {
      path: ['equals'],
      message: text('condition-not-between', equals),
    };
  if (
    pattern !== undefined &&
    isFixed(pattern) &&
    patternProblem(pattern) === null &&
    !compilePattern(pattern).test(equals)
  )
    return {
      path: ['equals'],
      message: text('condition-no-match', equals),
    };
  return unknownChoice(value, equals, before);
}

/** A value that is none of the choices of the prompt that sets the variable. */
function unknownChoice(value: string, equals: string, before: readonly StepView[]): Mistake | null {
  const [name, ...others] = referencesOf(value);
  if (name === undefined || others.length > 0 || value !== `\${${name}}`) return null;
  const setters = before.filter((one) => one.sets.includes(name));
  const choices = setters.map(({ step }) =>
    step?.verb === 'prompt' && step.kind === 'choice' ? step.choices.map((choice) => choice.value) : null,
  );
  const known = choices.every((some) => some !== null) ? choices.flat() : null;
  if (known === null || known.length === 0 || known.includes(equals)) return null;
  return {
    path: ['equals'],
    message: text(
      'condition-no-choice',
      equals,
      setters.map((one) => one.name).join(', '),
      known.join(', '),
      didYouMean(equals, known),
    ),
  };
}

function isFixed(text: string): boolean {
  return !/\$?\{[A-Za-z]/.test(text);
}
