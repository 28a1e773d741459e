/** Wrong logins that cost nothing: a person mistypes, a device was burned wrong. */
const FREE_FOR_DEVICE = 5;
/** A whole line stands behind one address, and strange names come from all of it. */
const FREE_FOR_ADDRESS = 20;
const FIRST_WAIT_MS = 1000;
/** No longer: a unit that was burned wrong, tried for a while and was burned again has to be proven within its step. */
const LONGEST_WAIT_MS = 30_000;
/** Without a wrong login for so long everything begins anew. */
const FORGOTTEN_MS = 15 * 60_000;
/** Bounds the memory that strangers can make this take; the oldest is forgotten first. */
const MOST_KEPT = 10_000;

/** Who tries. `isKnown`: there is a device of this client id. */
export interface LoginTry {
  readonly address: string;
  readonly clientId: string;
  readonly isKnown: boolean;
}

/**
 * Makes whoever tries secrets wait, longer each time. Counted for a device and an address together: nobody elsewhere can
 * lock a device out, and a right login of another device from the same address is let in as ever. Names that no device
 * has are counted for the address alone, and only their own answers come later.
 */
export interface LoginThrottle {
  /** How long this one is not to be judged yet; 0 when it may try. */
  waitMs(attempt: LoginTry): number;
  /** Its secret was wrong; gives how long the next one has to wait. */
  failed(attempt: LoginTry): number;
  succeeded(attempt: LoginTry): void;
}

interface Failures {
  readonly count: number;
  readonly lastMs: number;
}

export function createLoginThrottle(now: () => number): LoginThrottle {
  const byKey = new Map<string, Failures>();

  const keyOf = ({ address, clientId, isKnown }: LoginTry): string =>
    isKnown ? `${address} ${clientId}` : address;

  function failuresOf(attempt: LoginTry): Failures | null {
    const failures = byKey.get(keyOf(attempt)) ?? null;
    return failures === null || Math.abs(now() - failures.lastMs) > FORGOTTEN_MS ? null : failures;
  }

  function waitAfter(count: number, { isKnown }: LoginTry): number {
    const over = count - (isKnown ? FREE_FOR_DEVICE : FREE_FOR_ADDRESS);
    return over < 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(over, 20));
  }

  return {
    waitMs(attempt) {
      const failures = failuresOf(attempt);
      if (failures === null) return 0;
      const passedMs = now() - failures.lastMs;
      // A clock that was set back would keep a device out until it is there again. The next wrong login waits as before.
      return passedMs < 0 ? 0 : Math.max(0, waitAfter(failures.count, attempt) - passedMs);
    },
    failed(attempt) {
      const key = keyOf(attempt);
      const count = (failuresOf(attempt)?.count ?? 0) + 1;
      byKey.delete(key);
      byKey.set(key, { count, lastMs: now() });
      const [oldest] = byKey.keys();
      if (byKey.size > MOST_KEPT && oldest !== undefined) byKey.delete(oldest);
      return waitAfter(count, attempt);
    },
    succeeded: (attempt) => void byKey.delete(keyOf(attempt)),
  };
}
