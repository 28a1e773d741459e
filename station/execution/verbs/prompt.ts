import { parseDecimal } from '#shared/domain/exact-number.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type LocalizedText, type StepOf, stepName } from '#shared/recipe/index.ts';
import { findSerialCandidate } from '#shared/domain/scan/index.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import type { Measurement, PromptRequest, RunContext } from '../run-context/index.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';

/** Of a question, beside a result. */
const SHOWN_CHARACTERS = 120;

/** Asks the operator at the slot and compares the answer with the recipe. */
export async function prompt(step: StepOf<'prompt'>, run: RunContext, signal: AbortSignal): Promise<void> {
  if (step.kind === 'photo') {
    await run.askPhoto(
      { ...promptOf(step, run), kind: 'photo' },
      step.attach ?? stepName(step),
      step.answerMs,
      signal,
    );
    return;
  }
  const answer = await run.ask(promptOf(step, run), step.answerMs, signal);
  switch (step.kind) {
    case 'confirm':
      return;
    case 'pass-fail':
      return recordAnswer(step, run, evaluate(stepName(step), answer, { equals: 'pass' }));
    case 'text': {
      const { pattern, measure = stepName(step) } = step;
      const wanted = pattern === undefined ? null : compilePattern(run.scope.pattern(pattern));
      // A label may hold more than the number in question, and scanners add a prefix.
      const text =
        wanted === null ? answer : (findSerialCandidate(answer, (one) => wanted.test(one)) ?? answer);
      if (step.capture !== undefined) run.scope.set(step.capture, text);
      return recordMeasurements(run, [
        evaluate(measure, text, wanted === null ? undefined : { pattern: wanted.source }),
      ]);
    }
    case 'number': {
      // People write a comma where their language does.
      const read = parseDecimal(answer.replace(',', '.'));
      if (!read.ok) throw new Fault('bad-input', `"${answer}" ${read.reason.en}`);
      const { value } = read;
      if (step.capture !== undefined) run.scope.set(step.capture, String(value));
      const { measure = stepName(step), unit = null } = step;
      const limits = step.limits && run.scope.limits(step.limits, measure, true);
      return recordMeasurements(run, [evaluate(measure, value, limits, unit)]);
    }
    case 'choice': {
      if (step.capture !== undefined) run.scope.set(step.capture, answer);
      const { pass } = step;
      const limits = pass === undefined ? undefined : { pattern: `^(?:${pass.map(escaped).join('|')})$` };
      const title = step.choices.find(({ value }) => value === answer)?.title;
      return recordAnswer(step, run, evaluate(step.measure ?? stepName(step), answer, limits), title);
    }
  }
}

function promptOf(step: StepOf<'prompt'>, run: RunContext): PromptRequest {
  return {
    step: stepName(step),
    kind: step.kind,
    ask: run.scope.localizedText(step.ask),
    image: step.image ?? null,
    choices: step.kind === 'choice' ? step.choices : [],
    unit: step.kind === 'number' ? (step.unit ?? null) : null,
  };
}

/** Records an answer. The fault of one that is not as it should be has the question, and the title of a choice. */
function recordAnswer(
  step: StepOf<'prompt'>,
  run: RunContext,
  answer: Measurement,
  title?: LocalizedText,
): void {
  try {
    recordMeasurements(run, [answer]);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    const ask = run.scope.localizedText(step.ask);
    throw new Fault(cause.code, cause.message, {
      ...(cause.hint === null ? {} : { hint: cause.hint }),
      details: {
        ...cause.details,
        question: ask.en.slice(0, SHOWN_CHARACTERS),
        questionZh: ask['zh-CN'].slice(0, SHOWN_CHARACTERS),
        ...(title === undefined ? {} : { answer: title.en, answerZh: title['zh-CN'] }),
      },
      cause,
    });
  }
}

/** The names of choices hold no other sign of a pattern. */
function escaped(text: string): string {
  return text.replaceAll('.', String.raw`\.`);
}
