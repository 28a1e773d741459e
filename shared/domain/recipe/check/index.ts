/** What is wrong with a recipe, whatever else in it is wrong: its shape, and what every unit would fail. */
import { compilePattern, whyNoPattern } from '../../../pattern/index.ts';
import { conditionMistakes } from './conditions.ts';
import type { Mistake } from './explain.ts';
import { frameMistakes } from './frames.ts';
import { groupMistakes } from './groups.ts';
import { limitMistakes } from './limits.ts';
import { nameMistakes } from './names.ts';
import { needMistakes } from './needs.ts';
import { referenceMistakes } from './references.ts';
import { timeMistakes } from './times.ts';
import { type RecipeView, viewOf } from './view.ts';

export { explain, type Mistake } from './explain.ts';

const CHECKS: readonly ((view: RecipeView) => Iterable<Mistake>)[] = [
  serialMistakes,
  nameMistakes,
  needMistakes,
  referenceMistakes,
  groupMistakes,
  limitMistakes,
  frameMistakes,
  timeMistakes,
  conditionMistakes,
];

/**
 * What is well written and still cannot work. Parts whose shape is wrong are left out, so that it can be asked for
 * together with what the shape says.
 *
 * @param written plain data, its loops unrolled
 */
export function senseMistakes(written: unknown): Mistake[] {
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
