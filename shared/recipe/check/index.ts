/** What is wrong with a recipe, whatever else in it is wrong: its shape, and what every unit would fail. */
import { compilePattern, whyNoPattern } from '../../pattern/index.ts';
import { conditionMistakes } from './conditions.ts';
import { recipe, type Recipe } from '../recipe.ts';
import { step, verbOf } from '../verbs/index.ts';
import type { Mistake } from '../mistake.ts';
import { explain, type SourceAt } from './explain.ts';
import { guessVerbs } from './guess-verbs.ts';
import { frameMistakes } from './frames.ts';
import { groupMistakes } from './groups.ts';
import { limitMistakes } from './limits.ts';
import { nameMistakes } from './names.ts';
import { needMistakes } from './needs.ts';
import { patternMistakes } from './patterns.ts';
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
  referenceMistakes,
  groupMistakes,
  patternMistakes,
  limitMistakes,
  frameMistakes,
  sentTextMistakes,
  timeMistakes,
  conditionMistakes,
  verbMistakes,
];

/**
 * Checks a recipe: its shape, and whether it can work. Where the shape of a part is wrong the rest is checked all the
 * same, so that all mistakes are told at once.
 *
 * @param written plain data, its loops unrolled
 * @param shapeOnly true for a recipe that was found sound once: what later versions learned to refuse is not looked for
 * @param sourceAt how a value is written: with `${…}` where a loop has filled it in
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
  const ofSense = shapeOnly
    ? []
    : senseMistakes(guessed).filter(({ path }) => !isTurnOfLoop(path, sourceAt?.(path) ?? ''));
  const mistakes = [...misspelled, ...ofShape, ...ofSense];
  return { recipe: mistakes.length === 0 ? (read.data ?? null) : null, mistakes };
}

/** A condition on a turn of a loop: it is known for each turn, and another for the next. */
function isTurnOfLoop(path: Mistake['path'], source: string): boolean {
  return path.at(-2) === 'runIf' && OF_LOOP.test(source);
}

const OF_LOOP = /\$\{/;

/** A loop makes numbers of `'${channel}'`; where a text is needed it is one after all. */
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

function senseMistakes(written: unknown): Mistake[] {
  const view = viewOf(written);
  return CHECKS.flatMap((check) => [...check(view)]);
}

/** Mistakes that the definition of a verb finds. */
function* verbMistakes({ inOrder }: RecipeView): Iterable<Mistake> {
  for (const { path, step } of inOrder) {
    if (step === null) continue;
    for (const found of verbOf(step).mistakes?.(step) ?? [])
      yield { ...found, path: [...path, ...found.path] };
  }
}

function* serialMistakes({ serialNumber }: RecipeView): Iterable<Mistake> {
  if (serialNumber === null) return;
  const { pattern, example } = serialNumber;
  // A pattern that is none is named by its own check.
  if (whyNoPattern(pattern, { multiline: true }) !== null) return;
  if (compilePattern(`^(?:${pattern})$`).test(example)) return;
  yield { path: ['serialNumber', 'example'], message: 'does not match its own pattern' };
}
