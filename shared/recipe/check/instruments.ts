import { checkText as text } from '../texts/check-texts.ts';
import { instrumentsOf } from '../instruments.ts';
import type { Mistake } from '../mistake.ts';
import type { PhaseView, RecipeView } from './view.ts';

/**
 * Instruments that are lent in a way in which two runs could wait for each other: a run that holds an instrument never waits
 * for another one.
 */
export function* instrumentMistakes({ phases }: RecipeView): Iterable<Mistake> {
  const ordered = (['setup', 'main', 'teardown'] as const).flatMap((kind) =>
    phases.filter((phase) => phase.kind === kind),
  );
  let before: PhaseView | null = null;
  for (const phase of ordered) {
    yield* ofSteps(phase);
    for (const [index, name] of phase.hold.entries()) {
      if (phase.hold.indexOf(name) !== index)
        yield { path: [...phase.path, 'hold', index], message: text('name-twice') };
      const keeps = before !== null && phase.hold.some((other) => before?.hold.includes(other));
      if (before !== null && keeps && !before.hold.includes(name))
        yield { path: [...phase.path, 'hold', index], message: text('hold-from-before', name, before.name) };
    }
    before = phase;
  }
}

function* ofSteps({ hold, steps }: PhaseView): Iterable<Mistake> {
  for (const { path, step } of steps) {
    if (step === null) continue;
    const key = 'instruments' in step ? 'instruments' : 'instrument';
    for (const name of instrumentsOf(step)) {
      if (hold.length > 0 && !hold.includes(name))
        yield { path: [...path, key], message: text('hold-lacks', name, hold.join(', ')) };
      if (hold.length === 0 && step.verb === 'expect')
        yield { path: [...path, key], message: text('expect-without-hold', name) };
    }
  }
}
