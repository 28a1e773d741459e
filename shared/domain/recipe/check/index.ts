/** What is wrong with a recipe, whatever else in it is wrong: its shape, and what every unit would fail. */
import { compilePattern, whyNoPattern } from '../../../pattern/index.ts';
import { conditionMistakes } from './conditions.ts';
import { recipe, type Recipe } from '../recipe.ts';
import { step } from '../step.ts';
import { explain, type Mistake, type SourceAt } from './explain.ts';
import { guessVerbs } from './guess-verbs.ts';
import { frameMistakes } from './frames.ts';
import { groupMistakes } from './groups.ts';
import { limitMistakes } from './limits.ts';
import { nameMistakes } from './names.ts';
import { needMistakes } from './needs.ts';
import { patternMistakes } from './patterns.ts';
import { referenceMistakes } from './references.ts';
import { timeMistakes } from './times.ts';
import { type RecipeView, viewOf } from './view.ts';

export type { Mistake } from './explain.ts';

const CHECKS: readonly ((view: RecipeView) => Iterable<Mistake>)[] = [
  serialMistakes,
  nameMistakes,
  needMistakes,
  referenceMistakes,
  groupMistakes,
  patternMistakes,
  limitMistakes,
  frameMistakes,
  timeMistakes,
  conditionMistakes,
];

/**
 * Checks a recipe: its shape, and whether it can work. Where the shape of a part is wrong the rest is checked all the
 * same, so that all mistakes are told at once.
 *
 * @param written plain data, its loops unrolled
 * @param shapeOnly true for a recipe that was found sound once: what later versions learned to refuse is not looked for
 * @param sourceAt how a value is written
 */
export function checkWritten(
  written: unknown,
  shapeOnly = false,
  sourceAt: SourceAt = () => null,
): { readonly recipe: Recipe | null; readonly mistakes: readonly Mistake[] } {
  const { guessed, mistakes: misspelled } = guessVerbs(step, written);
  const read = recipe.safeParse(guessed);
  const ofShape = (read.error?.issues ?? []).flatMap((issue) => explain(issue, recipe, guessed, sourceAt));
  const ofSense = shapeOnly ? [] : senseMistakes(guessed);
  const mistakes = [...misspelled, ...ofShape, ...ofSense];
  return { recipe: mistakes.length === 0 ? (read.data ?? null) : null, mistakes };
}

function senseMistakes(written: unknown): Mistake[] {
  const view = viewOf(written);
  return CHECKS.flatMap((check) => [...check(view)]);
}

function* serialMistakes({ serialNumber }: RecipeView): Iterable<Mistake> {
  if (serialNumber === null) return;
  const { pattern, example } = serialNumber;
  // A pattern that is none is named by its own check.
  if (whyNoPattern(pattern, { multiline: true }) !== null) return;
  if (compilePattern(`^(?:${pattern})$`).test(example)) return;
  yield { path: ['serialNumber', 'example'], message: 'does not match its own pattern' };
}
