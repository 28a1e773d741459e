import type { Fault } from '#shared/domain/fault.ts';
import type { CodedText } from '#shared/words/index.ts';
import type { Drawing, DrawnItem } from '../drawing.ts';

/** What keeps an element of a template from being printed. */
export interface LabelProblem {
  /** Index of the element. */
  readonly element: number;
  readonly message: CodedText;
  /** The fault of a missing font, which is one of this computer. */
  readonly fault?: Fault;
}

export interface LaidOutTemplate {
  /** Without the elements that have a problem. */
  readonly drawing: Drawing;
  readonly problems: readonly LabelProblem[];
}

/** What an element gives: items to draw, and what is wrong. */
export interface LaidOutElement {
  readonly items: readonly DrawnItem[];
  readonly problem?: Omit<LabelProblem, 'element'>;
}
