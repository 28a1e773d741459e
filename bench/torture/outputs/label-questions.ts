/** A question of a station about one label. */
export interface LabelQuestion {
  /** `null`: no slot waits for the label. */
  readonly slot: number | null;
  readonly promptId: string | null;
  readonly printId: string;
  /** What the code of the label says. */
  readonly payload: string;
  /** Empty where a label is to be scanned, and where no slot waits. */
  readonly choices: readonly string[];
  /** The question in English; where no slot waits, the state of the print. */
  readonly ask: string;
}

export interface LabelAnswer {
  readonly slot: number | null;
  readonly promptId: string | null;
  readonly printId: string;
  /** The chosen value, or the scanned text; where no slot waits: `out`, `again`, `retry` or `print`. */
  readonly answer: string;
}
