/** A place where the replayed run did something else than the recorded one. */
export interface Difference {
  /** In the replayed run's own time. */
  readonly ms: number;
  readonly phase: string | null;
  readonly step: string | null;
  /** Attempt of the step, from 1. */
  readonly attempt: number;
  readonly text: string;
  /** The recording has no answer to what the run did. */
  readonly unanswered: boolean;
}
