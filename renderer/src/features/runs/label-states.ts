import type { LabelPrintView } from '#shared/contract/index.ts';
import { PRINTER_PROBLEMS } from '#shared/domain/label-printer.ts';
import { PRINTER_PROBLEM_WORDS } from '#shared/words/index.ts';
import type { Translator } from '#services/i18n/index.ts';
import type { Tone } from '#ui/index.ts';

/** How a print is shown: void labels as such, whatever became of them. */
export type ShownLabelState = LabelPrintView['state'] | 'void';

export function shownState({ state, voidAtMs }: LabelPrintView): ShownLabelState {
  return voidAtMs === null ? state : 'void';
}

export const LABEL_TONES: Readonly<Record<ShownLabelState, Tone>> = {
  asked: 'warn',
  waiting: 'neutral',
  sending: 'neutral',
  printed: 'good',
  unconfirmed: 'warn',
  held: 'warn',
  failed: 'bad',
  skipped: 'neutral',
  void: 'bad',
};

/** What support can do about a print. */
export type LabelAct = 'print' | 'out' | 'not-out' | 'skip' | 'void';

export function actsFor(print: LabelPrintView): readonly LabelAct[] {
  switch (shownState(print)) {
    case 'failed':
    case 'waiting':
      return ['print', 'skip'];
    case 'asked':
      return ['skip'];
    case 'unconfirmed':
    case 'held':
      return ['out', 'not-out', 'skip'];
    case 'printed':
      return ['void'];
    case 'sending':
    case 'skipped':
    case 'void':
      return [];
  }
}

/** Why a label was not printed, in a few words; `null` when nothing kept it. */
export function troubleOf({ fault }: LabelPrintView, i18n: Translator): string | null {
  if (fault === null) return null;
  const problem = PRINTER_PROBLEMS.find((one) => one === fault.details['problem']);
  return problem === undefined
    ? i18n.fault(fault.code, fault.details).message
    : PRINTER_PROBLEM_WORDS[problem][i18n.language];
}
