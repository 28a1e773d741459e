/** Where the run did something else than in the recording. */
export interface Difference {
  /** By the run's own time, and by the recording's where it was looked for. */
  readonly ms: number;
  readonly phase: string | null;
  readonly step: string | null;
  /** Of the step. */
  readonly attempt: number;
  readonly text: string;
  /** The recording has nothing that could be the answer. */
  readonly unanswered: boolean;
}
