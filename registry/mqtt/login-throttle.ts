/** Failed logins of a device without a delay. */
const FREE_FOR_DEVICE = 5;
/** Failed logins with unknown names without a delay; all devices of a production line may have one address. */
const FREE_FOR_ADDRESS = 20;
const FIRST_DELAY_MS = 1000;
/** Shorter than a prove-online step, in which a unit that was burned again has to log in. */
const MAX_DELAY_MS = 30_000;
/** Failures are forgotten after this time without another one. */
const FORGET_AFTER_MS = 15 * 60_000;
/** Bounds the memory; the oldest entry is removed first. */
const MAX_ENTRIES = 10_000;

/** A login attempt. `isKnown`: a device has this client id. */
export interface LoginOrigin {
  readonly address: string;
  readonly clientId: string;
  readonly isKnown: boolean;
}

/**
 * Delays failed logins, longer each time, against guessing of secrets. Failures count per device and address: another address
 * cannot lock a device out, and other devices of the address are not delayed. Failures with unknown names count per address,
 * and delay only logins with unknown names.
 */
export interface LoginThrottle {
  /** How long the login must wait; 0 when it is checked now. */
  waitMs(attempt: LoginOrigin): number;
  /** Counts a wrong secret; returns how long the next login must wait. */
  failed(attempt: LoginOrigin): number;
  succeeded(attempt: LoginOrigin): void;
}

interface Failures {
  readonly count: number;
  readonly lastMs: number;
}

export function createLoginThrottle(nowMs: () => number): LoginThrottle {
  const byKey = new Map<string, Failures>();

  const keyOf = ({ address, clientId, isKnown }: LoginOrigin): string =>
    isKnown ? `${address} ${clientId}` : address;

  function failuresOf(attempt: LoginOrigin): Failures | null {
    const failures = byKey.get(keyOf(attempt)) ?? null;
    return failures === null || Math.abs(nowMs() - failures.lastMs) > FORGET_AFTER_MS ? null : failures;
  }

  function waitAfter(count: number, { isKnown }: LoginOrigin): number {
    const over = count - (isKnown ? FREE_FOR_DEVICE : FREE_FOR_ADDRESS);
    return over < 0 ? 0 : Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(over, 20));
  }

  return {
    waitMs(attempt) {
      const failures = failuresOf(attempt);
      if (failures === null) return 0;
      const passedMs = nowMs() - failures.lastMs;
      // The clock was set back: no delay until the next failure.
      return passedMs < 0 ? 0 : Math.max(0, waitAfter(failures.count, attempt) - passedMs);
    },
    failed(attempt) {
      const key = keyOf(attempt);
      const count = (failuresOf(attempt)?.count ?? 0) + 1;
      byKey.delete(key);
      byKey.set(key, { count, lastMs: nowMs() });
      const [oldest] = byKey.keys();
      if (byKey.size > MAX_ENTRIES && oldest !== undefined) byKey.delete(oldest);
      return waitAfter(count, attempt);
    },
    succeeded: (attempt) => void byKey.delete(keyOf(attempt)),
  };
}
