import type { SlotView } from '#shared/contract/index.ts';
import type { Outcome } from '#shared/domain/outcome.ts';

/** The words of a result on the line: an unanswered question is no fault of the station. */
export function outcomeWords(run: SlotView['run'], outcome: Outcome): Outcome | 'UNANSWERED' {
  return run?.failure?.code === 'prompt-unanswered' ? 'UNANSWERED' : outcome;
}
