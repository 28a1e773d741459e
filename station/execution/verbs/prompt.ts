import { readDecimal } from '#shared/domain/exact-number.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type StepOf, stepName } from '#shared/recipe/index.ts';
import { readingThat } from '#shared/domain/scan/index.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import type { PromptAsked } from '../run-context/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { held, judge } from './evaluate.ts';

/** Asks the person at the slot, and holds the answer against what the recipe allows. */
export async function prompt(step: StepOf<'prompt'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const answer = await run.ask(asked(step, run), step.answerMs, signal);
  switch (step.kind) {
    case 'confirm':
      return;
    case 'pass-fail':
      return judge(run, [held(stepName(step), answer, { equals: 'pass' })]);
    case 'text': {
      const { pattern, measure = stepName(step) } = step;
      const wanted = pattern === undefined ? null : compilePattern(run.scope.pattern(pattern));
      // A label may say more than the number that is asked for, and a scanner adds its own.
      const text = wanted === null ? answer : (readingThat(answer, (one) => wanted.test(one)) ?? answer);
      if (step.capture !== undefined) run.scope.set(step.capture, text);
      return judge(run, [held(measure, text, wanted === null ? undefined : { pattern: wanted.source })]);
    }
    case 'number': {
      // People write a comma where their language does.
      const read = readDecimal(answer.replace(',', '.'));
      if (!read.ok) throw new Fault('bad-input', `"${answer}" ${read.why}`);
      const { value } = read;
      if (step.capture !== undefined) run.scope.set(step.capture, String(value));
      const { measure = stepName(step), unit = null } = step;
      const limits = step.limits && run.scope.limits(step.limits, measure, true);
      return judge(run, [held(measure, value, limits, unit)]);
    }
    case 'choice': {
      if (step.capture !== undefined) run.scope.set(step.capture, answer);
      const pass = step.pass ?? step.choices.map(({ value }) => value);
      const limits =
        step.pass === undefined ? undefined : { pattern: `^(?:${pass.map(quoteText).join('|')})$` };
      return judge(run, [held(step.measure ?? stepName(step), answer, limits)]);
    }
  }
}

function asked(step: StepOf<'prompt'>, run: RunContext): PromptAsked {
  return {
    step: stepName(step),
    kind: step.kind,
    ask: run.scope.words(step.ask),
    image: step.image ?? null,
    choices: step.kind === 'choice' ? step.choices : [],
    unit: step.kind === 'number' ? (step.unit ?? null) : null,
  };
}

function quoteText(text: string): string {
  return text.replaceAll('.', String.raw`\.`);
}
