import { Fault } from '#shared/domain/fault.ts';

/** The shortest prefix of an id that is accepted. */
export const MIN_PREFIX_LENGTH = 4;

/** The most candidates that the message lists. */
const MAX_NAMED = 6;

/** The fault for a text that identifies several things of a kind. */
export function ambiguous(kind: string, text: string, candidates: readonly string[]): Fault {
  const more = candidates.length > MAX_NAMED ? ' and others' : '';
  return new Fault('bad-input', `"${text}" may be more than one ${kind}`, {
    hint: `It matches ${candidates.slice(0, MAX_NAMED).join(', ')}${more}. Give more of the id.`,
  });
}
