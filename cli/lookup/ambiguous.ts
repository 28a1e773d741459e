import { Fault } from '#shared/domain/fault.ts';

/** Shorter beginnings of an id are typing errors rather than a choice. */
export const MIN_PREFIX = 4;

/** So many candidates are named. */
const NAMED = 6;

/** A text that may mean several things of this kind, which are named. */
export function ambiguous(kind: string, text: string, candidates: readonly string[]): Fault {
  const more = candidates.length > NAMED ? ' and others' : '';
  return new Fault('bad-input', `"${text}" may be more than one ${kind}`, {
    hint: `It fits ${candidates.slice(0, NAMED).join(', ')}${more}. Give more of the id.`,
  });
}
