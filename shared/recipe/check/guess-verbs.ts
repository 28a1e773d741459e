import { explainText as text } from '../texts/explain-texts.ts';
import type { Mistake } from '../mistake.ts';
import { nearest } from './nearest.ts';
import { isObject, literalsOf, type Schema } from './schema-tree.ts';

/**
 * Corrects misspelled verbs and kinds of prompts, so that the rest of such a step can be checked, and reports them.
 *
 * @param step shape of a step
 * @param written plain data, with its loops unrolled
 */
export function guessVerbs(
  step: Schema,
  written: unknown,
): { readonly guessed: unknown; readonly mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = [];
  const known = { verb: literalsOf(step, 'verb').map(String), kind: literalsOf(step, 'kind').map(String) };
  const guess = (one: unknown, path: Mistake['path']): unknown => {
    if (!isObject(one)) return one;
    let made = one;
    for (const key of ['verb', 'kind'] as const) {
      const given = made[key];
      if (typeof given !== 'string' || known[key].includes(given)) continue;
      if (key === 'kind' && made['verb'] !== 'prompt') continue;
      const meant = nearest(given, known[key]);
      if (meant === null) continue;
      mistakes.push({
        path: [...path, key],
        message: text('value-near', text('value-text', given), text('did-you-mean', meant)),
      });
      made = { ...made, [key]: meant };
    }
    return made;
  };
  if (!isObject(written) || !Array.isArray(written['phases'])) return { guessed: written, mistakes };
  const phases = (written['phases'] as unknown[]).map((phase, p) => {
    if (!isObject(phase) || !Array.isArray(phase['steps'])) return phase;
    const steps = (phase['steps'] as unknown[]).map((one, s) => guess(one, ['phases', p, 'steps', s]));
    return { ...phase, steps };
  });
  return { guessed: { ...written, phases }, mistakes };
}
