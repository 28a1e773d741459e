/** The print of one label of a unit: its states, and which may follow which. */
export const LABEL_PRINT_STATES = [
  /** A person is asked whether it is printed. Nothing was sent. */
  'asked',
  /** It is to be printed. Nothing was sent. */
  'waiting',
  /** Its bytes may have left. */
  'sending',
  'printed',
  /** Its bytes may have left, and it may have come out: a person looks. */
  'unconfirmed',
  /** The printer has it and prints it when it can. */
  'held',
  /** Nothing was sent, for the fault that is recorded. */
  'failed',
  /** A person decided that it is not printed. */
  'skipped',
] as const;
export type LabelPrintState = (typeof LABEL_PRINT_STATES)[number];

/** Each state with those that may follow. Only `waiting` leads to `sending`: nothing is sent twice without a decision. */
export const LABEL_PRINT_MOVES: Readonly<Record<LabelPrintState, readonly LabelPrintState[]>> = {
  asked: ['waiting', 'skipped'],
  waiting: ['sending', 'failed', 'skipped'],
  sending: ['printed', 'unconfirmed', 'held'],
  printed: [],
  unconfirmed: ['printed', 'waiting', 'skipped'],
  held: ['printed', 'unconfirmed', 'waiting', 'skipped'],
  failed: ['waiting', 'skipped'],
  skipped: [],
};

/** Why a label is printed. `test`: of the printer, without a unit. */
export const LABEL_PRINT_REASONS = ['pass', 'reprint', 'test'] as const;
export type LabelPrintReason = (typeof LABEL_PRINT_REASONS)[number];

/** When the label of a unit that passed is printed. */
export const LABEL_PRINT_TIMES = ['on-pass', 'ask', 'never'] as const;
export type LabelPrintTime = (typeof LABEL_PRINT_TIMES)[number];
