import type { Store } from '../store/index.ts';
import { requireDecision, type Decision } from './quarantine-lease.ts';

/** Numbers that are skipped when the number of names since the backup is unknown. */
const SKIPPED_NUMBERS = 1_000_000;
const LAST_RESTORE = 'restored.last';

/** The instant of the last restore; null without one. Records of the time before it may be missing. */
export function lastRestoredAtMs(store: Store): number | null {
  const value = store.meta.get(LAST_RESTORE);
  return value === null ? null : Number(Buffer.from(value).toString());
}

/** Result of `withholdUnleased`. */
export interface Withheld {
  /** Number of triples that are not leased any more. */
  readonly devices: number;
  /** Numbers of new DeviceNames are greater than this. */
  readonly numbersFrom: number;
}

/**
 * Withholds all available triples after the database was restored from a backup, because they may have been leased and burned
 * since. A station that proves that it has the secret of one may bind it. New DeviceNames start at a number that was not used.
 * Faults: `bad-input`.
 */
export function withholdUnleased(store: Store, decision: Decision, nowMs: number): Withheld {
  const { reason, approver } = requireDecision(decision, 'a restored registry is confirmed');
  const withheld = store.write(() => {
    const devices = store.devices.withholdAvailable();
    const issuedNumbers = store.progress().numbers;
    const numbersFrom = Math.max(
      issuedNumbers,
      store.highWaterMark()?.numbers ?? issuedNumbers + SKIPPED_NUMBERS,
    );
    store.products.startNumbersAt(numbersFrom);
    store.meta.set(LAST_RESTORE, Buffer.from(String(nowMs)));
    store.meta.set(`restored.${nowMs}`, Buffer.from(JSON.stringify({ reason, approver, devices })));
    return { devices, numbersFrom };
  });
  store.raiseHighWaterMark();
  return withheld;
}
