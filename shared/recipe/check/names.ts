import { checkText as text } from '../texts/check-texts.ts';
import type { CodedText } from '../../words/index.ts';
import type { Mistake } from '../mistake.ts';
import type { RecipeView } from './view.ts';

/** Names that are used twice although each has a record of its own. */
export function* nameMistakes({ phases, inOrder }: RecipeView): Iterable<Mistake> {
  yield* twice(
    phases.map(({ path, name }) => ({ path: [...path, 'name'], name })),
    () => text('name-twice'),
  );
  for (const { steps } of phases) {
    const named = steps.filter((one) => one.named);
    yield* twice(
      named.map(({ path, name }) => ({ path: [...path, 'name'], name })),
      (name) => text('step-name-twice', name),
    );
  }
  for (const { path, step } of inOrder) {
    if (step === null) continue;
    if ('measure' in step && Array.isArray(step.measure)) {
      yield* twice(
        step.measure.map(({ name }, index) => ({ path: [...path, 'measure', index, 'name'], name })),
        (name) => text('measurement-name-twice', name),
      );
    }
  }
}

function* twice(
  all: readonly { readonly path: Mistake['path']; readonly name: string }[],
  message: (name: string) => CodedText,
): Iterable<Mistake> {
  const seen = new Set<string>();
  for (const { path, name } of all) {
    if (name !== '' && seen.has(name)) yield { path, message: message(name) };
    seen.add(name);
  }
}
