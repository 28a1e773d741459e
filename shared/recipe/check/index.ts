/** The check of recipes: mistakes in their shape, and mistakes by which every unit would fail. */
import { checkText as text } from '../texts/check-texts.ts';
import { compilePattern, patternProblem } from '../../pattern/index.ts';
import { conditionMistakes } from './conditions.ts';
import { recipe, type Recipe } from '../recipe.ts';
import { step, verbOf } from '../verbs/index.ts';
import type { Mistake } from '../mistake.ts';
import { explain, type SourceAt } from './explain.ts';
import { guessVerbs } from './guess-verbs.ts';
import { frameMistakes } from './frames.ts';
import { groupMistakes } from './groups.ts';
import { instrumentMistakes } from './instruments.ts';
import { identityMistakes } from './identity.ts';
import { limitMistakes } from './limits.ts';
import { nameMistakes } from './names.ts';
import { needMistakes } from './needs.ts';
import { patternMistakes } from './patterns.ts';
import { provisioningMistakes } from './provisioning.ts';
import { referenceMistakes } from './references.ts';
import { valueAt } from './schema-tree.ts';
import { sentTextMistakes } from './sent-texts.ts';
import { timeMistakes } from './times.ts';
import { type RecipeView, viewOf } from './view.ts';

export type { Mistake } from '../mistake.ts';

const CHECKS: readonly ((view: RecipeView) => Iterable<Mistake>)[] = [
  serialMistakes,
  nameMistakes,
  needMistakes,
  provisioningMistakes,
  referenceMistakes,
  groupMistakes,
  patternMistakes,
  limitMistakes,
  instrumentMistakes,
  frameMistakes,
  identityMistakes,
  sentTextMistakes,
  timeMistakes,
  conditionMistakes,
  verbMistakes,
];

/**
 * Checks a recipe: its shape, and whether it can work. A part with a wrong shape does not keep the rest from being checked,
 * so all mistakes are found at once.
 *
 * @param written plain data, with its loops unrolled
 * @param shapeOnly true for a recipe that was accepted before: checks of later versions do not refuse it
 * @param sourceAt source text of a value, which has `${…}` where a loop has filled in a value
 */
export function checkWritten(
  written: unknown,
  shapeOnly = false,
  sourceAt?: SourceAt,
): { readonly recipe: Recipe | null; readonly mistakes: readonly Mistake[] } {
  const { guessed: unread, mistakes: misspelled } = guessVerbs(step, written);
  const guessed = sourceAt === undefined ? unread : withTexts(unread, sourceAt);
  const read = recipe.safeParse(guessed);
  const ofShape = (read.error?.issues ?? []).flatMap((issue) => explain(issue, recipe, guessed, sourceAt));
  const ofMeaning = shapeOnly
    ? []
    : meaningMistakes(guessed).filter(({ path }) => !isConditionOfLoop(path, sourceAt?.(path) ?? ''));
  const mistakes = [...misspelled, ...ofShape, ...ofMeaning];
  return { recipe: mistakes.length === 0 ? (read.data ?? null) : null, mistakes };
}

/** True for a condition on a parameter of a loop: it is constant in each step, and differs between the steps. */
function isConditionOfLoop(path: Mistake['path'], source: string): boolean {
  return path.at(-2) === 'runIf' && OF_LOOP.test(source);
}

const OF_LOOP = /\$\{/;

/** Converts parameters of loops that became numbers back to texts where the shape needs a text. */
function withTexts(written: unknown, sourceAt: SourceAt): unknown {
  const places = (recipe.safeParse(written).error?.issues ?? []).flatMap((issue) => {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    const value = valueAt(written, path);
    const isBare = typeof value === 'number' || typeof value === 'boolean';
    const needsText = issue.code === 'invalid_type' && issue.expected === 'string';
    return needsText && isBare && OF_LOOP.test(sourceAt(path) ?? '') ? [{ path, text: String(value) }] : [];
  });
  if (places.length === 0) return written;
  const copy: unknown = JSON.parse(JSON.stringify(written));
  for (const { path, text } of places) {
    const parent = valueAt(copy, path.slice(0, -1));
    const key = path.at(-1);
    if (typeof parent === 'object' && parent !== null && key !== undefined) Reflect.set(parent, key, text);
  }
  return copy;
}

function meaningMistakes(written: unknown): Mistake[] {
  const view = viewOf(written);
  return CHECKS.flatMap((check) => [...check(view)]);
}

/** Mistakes that the definition of a verb finds. */
function* verbMistakes({ inOrder }: RecipeView): Iterable<Mistake> {
  for (const { path, step, keys } of inOrder) {
    if (step === null) continue;
    for (const found of verbOf(step).mistakes?.(step, keys) ?? [])
      yield { ...found, path: [...path, ...found.path] };
  }
}

function* serialMistakes({ serialNumber }: RecipeView): Iterable<Mistake> {
  if (serialNumber === null) return;
  const { pattern, example } = serialNumber;
  // The check of patterns reports an invalid pattern.
  if (patternProblem(pattern, { multiline: true }) !== null) return;
  if (compilePattern(`^(?:${pattern})$`).test(example)) return;
  yield { path: ['serialNumber', 'example'], message: text('serial-example') };
}
