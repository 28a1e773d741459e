import type { Mistake } from '../mistake.ts';
import { verbText as text } from '../texts/verb-texts.ts';

/** A step about values of LLSync, with the ids that it has. */
interface LlsyncIds {
  readonly model?: string | undefined;
  readonly id: number | string;
  readonly member?: number | string | undefined;
  readonly set?: unknown;
  readonly input?: readonly { readonly id: number | string }[];
  readonly values?: readonly { readonly id: number | string }[];
}

/** Ids that are names in a step that names no thing model. */
export function* llsyncNameMistakes(step: LlsyncIds): Iterable<Mistake> {
  if (step.model !== undefined) return;
  const { id, member, set, input = [], values = [] } = step;
  const lists = { set: Array.isArray(set) ? (set as { id: number | string }[]) : [], input, values };
  const message = text('llsync-name-without-model');
  if (typeof id === 'string') yield { path: ['id'], message };
  if (typeof member === 'string') yield { path: ['member'], message };
  for (const [key, list] of Object.entries(lists))
    for (const [index, one] of list.entries())
      if (typeof one.id === 'string') yield { path: [key, index, 'id'], message };
}
