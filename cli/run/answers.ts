import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { asFileFault } from '#node-kit/files/index.ts';
import { MAX_ATTACHMENT_BYTES } from '#shared/domain/attachment.ts';
import { Fault } from '#shared/domain/fault.ts';
import { fitAnswer } from '#shared/domain/prompt-answer.ts';
import { type Recipe, type Step, stepName } from '#shared/recipe/index.ts';
import { findSerialCandidate } from '#shared/domain/scan/index.ts';
import { compilePattern } from '#shared/pattern/index.ts';

export const ANSWER_HELP =
  'answer of a step, for every unit: light=pass (repeatable); PHASE/STEP=VALUE for the step of one phase, ' +
  'led.2=pass for one iteration of a loop, led=pass for all iterations; the path of a picture for a photo';

/** Answers that were given before the run. */
export interface Answers {
  /** The answer for a step of a phase, by the most specific name; `null` when none was given. */
  find(phase: string, step: string): string | null;
}

/**
 * Parses the `STEP=VALUE` of each `--answer`. A step is named as in the record (`led.2` is an iteration of a loop), by its
 * name without the iteration, or as `PHASE/STEP`. Faults: `bad-input` for an unknown step, for a step without a prompt, for an
 * invalid value, and for two answers to one name.
 */
export function readAnswers(texts: readonly string[], recipe: Recipe): Answers {
  const places = recipe.phases.flatMap((phase) =>
    phase.steps.filter(canAsk).map((step) => ({ phase: phase.name, step })),
  );
  const answers = new Map<string, string>();
  for (const text of texts) {
    const index = text.indexOf('=');
    if (index < 1) {
      throw new Fault('bad-input', `"${text}" is no answer`, { hint: 'Write it as STEP=VALUE: light=pass.' });
    }
    const [name, value] = [text.slice(0, index).trim(), text.slice(index + 1).trim()];
    const meant = places.filter(({ phase, step }) => namesOf(phase, stepName(step)).includes(name));
    if (meant.length === 0 && !isAboutPrint(name, recipe)) throw unknownStep(name, recipe, places);
    if (meant.length === 0 && !LABEL_ANSWERS.includes(value))
      throw new Fault('bad-input', `"${value}" is no answer about a label`, {
        hint: `It takes ${LABEL_ANSWERS.join(', ')}. No unit was started.`,
      });
    if (answers.has(name)) {
      throw new Fault('bad-input', `two answers were given for ${name}`, { hint: 'Give one for each step.' });
    }
    for (const { step } of meant) requireAnswer(name, step, value);
    answers.set(name, value);
  }
  return {
    find(phase, step) {
      const named = namesOf(phase, step).find((name) => answers.has(name));
      return named === undefined ? null : (answers.get(named) ?? null);
    },
  };
}

function canAsk({ verb }: Step): boolean {
  return verb === 'prompt' || verb === 'scan-label' || verb === 'script';
}

/** Name of the questions about the printed label of a unit that passed, and what they take. */
const LABEL = 'label';
const LABEL_ANSWERS: readonly string[] = ['print', 'skip', 'retry', 'later', 'out', 'again'];

function isAboutPrint(name: string, { phases }: Recipe): boolean {
  if (name !== LABEL) return false;
  return phases.some(({ steps }) => steps.some((step) => step.verb === 'label' && step.print !== 'never'));
}

/** The names of a step in `--answer`, the most specific first; an iteration of a loop ends with its value (`led.2`). */
function namesOf(phase: string, step: string): string[] {
  const whole = step.replace(/\..*$/, '');
  const wholePhase = phase.replace(/\..*$/, '');
  return [
    `${phase}/${step}`,
    step,
    `${phase}/${whole}`,
    `${wholePhase}/${step}`,
    `${wholePhase}/${whole}`,
    whole,
  ];
}

function requireAnswer(name: string, step: Step, value: string): void {
  const wanted = unfit(step, value);
  if (wanted === null) return;
  throw new Fault('bad-input', `"${value}" is no answer to step ${name}`, {
    hint: `It takes ${wanted}. No unit was started.`,
  });
}

/** The accepted answers as text when the value is not one of them; `null` for a possible answer. */
function unfit(step: Step, value: string): string | null {
  if (step.verb === 'scan-label') return value === '' ? "the text of the unit's label" : null;
  if (step.verb !== 'prompt') return null;
  const { kind } = step;
  if (kind === 'photo') return isFile(value) ? null : 'the path of a PNG, JPEG or WebP';
  const fit = fitAnswer({ kind, choices: kind === 'choice' ? step.choices : [] }, value);
  if (!fit.ok) return fit.wanted;
  // A pattern with a variable is known only during the run.
  if (kind !== 'text' || step.pattern === undefined || /\$\{|\{[a-z]+\}/i.test(step.pattern)) return null;
  const wanted = compilePattern(step.pattern);
  return findSerialCandidate(value, (one) => wanted.test(one)) === null
    ? `a text like ${step.pattern}`
    : null;
}

/**
 * The photo at a path. Faults: `bad-input` for a path that is no file or one that is too large; `file-missing`,
 * `file-denied`, `disk-failing`.
 */
export function readPhoto(path: string): { readonly name: string; readonly bytes: Uint8Array } {
  try {
    const facts = statSync(path);
    if (!facts.isFile()) throw new Fault('bad-input', `${path} is not a file`, { hint: 'Name a picture.' });
    if (facts.size > MAX_ATTACHMENT_BYTES)
      throw new Fault('bad-input', `${path} is larger than a photo may be`, {
        hint: `Name a picture of at most ${MAX_ATTACHMENT_BYTES / 1024 / 1024} MiB.`,
      });
    return { name: basename(path), bytes: readFileSync(path) };
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw asFileFault(error, path, 'read');
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function unknownStep(
  name: string,
  recipe: Recipe,
  places: readonly { readonly phase: string; readonly step: Step }[],
): Fault {
  const known = recipe.phases.some((phase) =>
    phase.steps.some((step) => namesOf(phase.name, stepName(step)).includes(name)),
  );
  const inPhase = ({ phase, step }: (typeof places)[number]): string =>
    name.includes('/') ? `${phase}/${stepName(step)}` : stepName(step);
  const asking = [...new Set(places.map(inPhase))];
  const what = known
    ? `step ${name} of recipe ${recipe.name} asks nothing`
    : `recipe ${recipe.name} has no step "${name}"`;
  return new Fault('bad-input', what, {
    hint: asking.length === 0 ? 'It asks nothing.' : `It asks in ${asking.join(', ')}.`,
  });
}
