import { createRandomSource } from '../lib/random-source.ts';
import { mutate } from './mutate.ts';
import type { Target } from './target.ts';

/** The target and the input of a round. They depend on the targets, the seed and the round only. */
export function makeInput(
  targets: readonly Target[],
  seed: string,
  round: number,
): { readonly target: Target; readonly input: Uint8Array } {
  const target = targets[round % targets.length];
  if (target === undefined) throw new Error('there are no targets');
  const random = createRandomSource(seed, round);
  return { target, input: mutate(random.pick(target.seeds), target.seeds, random) };
}
