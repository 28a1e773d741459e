import { Fault, type FaultDetails } from '#shared/domain/fault.ts';
import type { AttemptSource } from '../../core/approval/index.ts';
import type { Clock } from '../../core/platform/index.ts';

/** Wrong PINs of one name in a row without a wait. */
const FREE_ATTEMPTS = 4;
/** Wrong PINs of one attempt source in a row without a wait, over all names. */
const FREE_ATTEMPTS_OF_SOURCE = 9;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 60 * 60_000;
/** After a restart the attempt source is unknown and the name waits everywhere; so the wait is limited. */
const LONGEST_AFTER_RESTART_MS = 5 * 60_000;
/** From this count on the wait is the longest. */
const MAX_COUNT = 99;

export interface FailedAttempts {
  readonly inARow: number;
  /** Whether the next attempt has to wait. */
  readonly locked: boolean;
  /** Attempts until the next wait, for this name at this source: the wait follows the last of them. */
  readonly left: number;
  /** How long the next attempt has to wait, ms. */
  readonly waitMs: number;
}

/** What the page of a wrong PIN says about the next ones. */
export function attemptDetails({ left, waitMs }: FailedAttempts): FaultDetails {
  return waitMs > 0 ? { seconds: Math.ceil(waitMs / 1000) } : { attemptsLeft: left };
}

/**
 * Counts wrong PINs. The fifth in a row for a name is followed by a wait of 30 s, each further one by twice the wait
 * before, up to an hour; the right PIN ends the row.
 *
 * Wrong PINs in a row are counted for each name over all attempt sources; the wait is for that name at that source. So a
 * stranger at one page locks no one out at another page, and another source does not shorten the next wait. A source that attempts
 * many names waits, too.
 *
 * After a restart only the count is known and not its time: the wall clock may have been set, the monotonic one starts anew. A
 * name that had to wait waits again at every source, for five minutes at most.
 */
export interface LockOut {
  /** Wait of this name at this source, ms; 0 for none. */
  leftMs(name: string, attemptSource: AttemptSource): number;
  /** Faults: `pin-locked`, with the seconds to wait. */
  check(name: string, attemptSource: AttemptSource): void;
  /** Counts a wrong PIN; returns the count in a row, to be stored. `name` is null for an unknown name. */
  wrong(name: string | null, attemptSource: AttemptSource): FailedAttempts;
  /** A right PIN ends the row. */
  right(name: string, attemptSource: AttemptSource): void;
  /** Clears the counts of a user who was removed. */
  forget(name: string): void;
}

interface SourceAttempts {
  inARow: number;
  /** The wait of the source, for every name. */
  untilMs: number;
  readonly untilMsOf: Map<string, number>;
}

/** @param counted wrong PINs in a row of each name, as they were stored */
export function createLockOut(clock: Clock, counted: ReadonlyMap<string, number>): LockOut {
  const counts = new Map(counted);
  const sources = new WeakMap<AttemptSource, SourceAttempts>();
  const everywhere = new Map<string, number>();
  for (const [name, count] of counted) {
    const waitMs = Math.min(waitAfterMs(count, FREE_ATTEMPTS), LONGEST_AFTER_RESTART_MS);
    if (waitMs > 0) everywhere.set(name, clock.monotonicMs() + waitMs);
  }
  const attemptsOf = (attemptSource: AttemptSource): SourceAttempts => {
    const attempts = sources.get(attemptSource) ?? {
      inARow: 0,
      untilMs: 0,
      untilMsOf: new Map<string, number>(),
    };
    sources.set(attemptSource, attempts);
    return attempts;
  };
  const leftMs = (name: string, attemptSource: AttemptSource): number => {
    const { untilMs, untilMsOf } = attemptsOf(attemptSource);
    const until = Math.max(untilMs, untilMsOf.get(name) ?? 0, everywhere.get(name) ?? 0);
    return Math.max(0, until - clock.monotonicMs());
  };
  return {
    leftMs,
    check(name, attemptSource) {
      const seconds = Math.ceil(leftMs(name, attemptSource) / 1000);
      if (seconds === 0) return;
      throw new Fault('pin-locked', `too many wrong PINs for ${name}`, {
        hint: `Wait ${seconds} s, then try again.`,
        details: { seconds },
      });
    },
    wrong(name, attemptSource) {
      const attempts = attemptsOf(attemptSource);
      attempts.inARow = Math.min(attempts.inARow + 1, MAX_COUNT);
      const sourceWaitMs = waitAfterMs(attempts.inARow, FREE_ATTEMPTS_OF_SOURCE);
      const inARow = name === null ? 0 : Math.min((counts.get(name) ?? 0) + 1, MAX_COUNT);
      const waitMs = waitAfterMs(inARow, FREE_ATTEMPTS);
      if (name !== null) {
        counts.set(name, inARow);
        if (waitMs > 0) attempts.untilMsOf.set(name, clock.monotonicMs() + waitMs);
      }
      if (sourceWaitMs > 0) attempts.untilMs = clock.monotonicMs() + sourceWaitMs;
      const longestMs = Math.max(waitMs, sourceWaitMs);
      const freeOfName = name === null ? FREE_ATTEMPTS_OF_SOURCE : FREE_ATTEMPTS - inARow;
      const left = Math.min(freeOfName, FREE_ATTEMPTS_OF_SOURCE - attempts.inARow) + 1;
      return { inARow, locked: longestMs > 0, left: longestMs > 0 ? 0 : left, waitMs: longestMs };
    },
    right(name, attemptSource) {
      counts.delete(name);
      everywhere.delete(name);
      const attempts = attemptsOf(attemptSource);
      attempts.inARow = 0;
      attempts.untilMsOf.delete(name);
    },
    forget(name) {
      counts.delete(name);
      everywhere.delete(name);
    },
  };
}

function waitAfterMs(inARow: number, forgiven: number): number {
  if (inARow <= forgiven) return 0;
  return Math.min(FIRST_WAIT_MS * 2 ** (inARow - forgiven - 1), LONGEST_WAIT_MS);
}
