import type { LabelPrintView } from '#shared/contract/index.ts';
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
