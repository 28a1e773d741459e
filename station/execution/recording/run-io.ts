import type { Outcome, RunFailure } from '#shared/domain/outcome.ts';
import type { ByteLink, Clock } from '../../core/platform/index.ts';
import type { AttemptJson, Json } from './format.ts';

/** A question to the surroundings of a run, and what goes with it. */
export interface Question {
  /** Whom it is for: `ble`, `registry`, `port`, `prompt`, … */
  readonly kind: string;
  /** What is asked, so that the same question has the same key. Never a secret. */
  readonly key: string;
  /** How, where that may differ: a baud rate, a time. */
  readonly how?: string;
  /** After so long the answer is `false`, if none came. */
  readonly withinMs?: number;
  /** Bytes that go with it. */
  readonly bytes?: Uint8Array;
  /** Names the stream of bytes it belongs to, so that a secret cut into several is found. */
  readonly stream?: string;
  /** Ends it earlier. */
  readonly signal?: AbortSignal;
}

/** What the surroundings say: a value, bytes, or nothing but that it was done. */
export interface Said {
  readonly v?: Json;
  readonly bytes?: Uint8Array;
}

/**
 * Everything that comes to a run from outside passes through its tape: while it is recorded it asks the surroundings
 * and keeps what they say; while it is replayed it says again what they said, and nobody is asked.
 */
export interface Tape extends Disposable {
  /** Time as the run sees it, from 0; every wait of the run goes through it. */
  readonly clock: Clock;
  /** A port that was opened, as the run sees it. `real` is null where nothing is behind it. */
  link(port: number, path: string, real: ByteLink | null): ByteLink;
  /**
   * Asks. `hear` gets what `really` tells meanwhile and afterwards, and returns true when it has heard enough. Faults:
   * what `really` rejects with, which should be a Fault.
   */
  ask(
    question: Question,
    really: (tell: (said: Said) => void) => Promise<Said>,
    hear?: (said: Said) => boolean,
  ): Promise<Said>;
  /** Something from outside that is known at once. */
  input<T extends Json>(kind: string, key: string, take: () => T): T;
  /** The run's stop, when it comes from outside. */
  watch(signal: AbortSignal): AbortSignal;
  /** From now on these never appear on it, in whatever form they are sent, cut across chunks or echoed. */
  protect(secrets: readonly string[]): void;
  /** A phase or a step begins: `phase NAME`, `step NAME`. */
  mark(text: string): void;
  /** A remark for people, which a replay does not heed. */
  note(text: string): void;
  /** Something works for the run that the tape does not see (a script's own process), until it is disposed of. */
  busy(): Disposable;
  /** One attempt of a step has ended so. */
  attempt(attempt: AttemptJson): void;
  /** The run has ended so. */
  verdict(verdict: { readonly outcome: Outcome; readonly failure: RunFailure | null }): void;
  /** Faults when anything could not be written. */
  check(): void;
}

/** How the control lines of a port are asked for. */
export function linesQuestion(port: number, lines: object): Question {
  const set = Object.entries(lines).map(([name, on]) => `${name}=${on === true ? 1 : 0}`);
  return { kind: 'port', key: `lines ${port} ${set.join(' ')}` };
}
