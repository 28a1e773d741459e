import { randomUUID } from 'node:crypto';
import type { Store } from '../store/index.ts';
import { checkedDecision, type Decision } from './decision.ts';

/** Nobody's name: a station's has no blank at its end. What is held back is leased to it, and never returned. */
export const HELD_BACK = 'held back ';
/** Numbers left out when nobody knows how many were given since. */
const UNKNOWN_NUMBERS = 1_000_000;
const RESTORED_LAST = 'restored.last';

/** When the registry was last taken for restored, null when it never was: what it saw shortly before is forgotten. */
export function lastRestoredAtMs(store: Store): number | null {
  const value = store.meta.get(RESTORED_LAST);
  return value === null ? null : Number(Buffer.from(value).toString());
}

/** What a restore of the registry takes out of use. */
export interface Withheld {
  /** Triples that are lent to nobody any more. */
  readonly devices: number;
  /** New DeviceNames have greater numbers than this. */
  readonly numbersFrom: number;
}

/**
 * The database is a backup that was put back. What is free in it may have been lent since, and burned: it is lent to
 * nobody any more. A station that shows that it has the secret of one is believed. Names that were made since are not
 * known, so new ones begin where none can have been. Faults: `bad-input`.
 */
export function withholdUnleased(store: Store, decision: Decision, nowMs: number): Withheld {
  const { reason, approver } = checkedDecision(decision, 'a registry is taken for restored');
  const held = store.write(() => {
    let devices = 0;
    for (const { productId } of store.products.list()) {
      const free = store.devices.available(productId, -1);
      if (free.length === 0) continue;
      const leaseId = randomUUID();
      const count = free.length;
      store.leases.insert({ leaseId, station: HELD_BACK, requestId: leaseId, productId, count, nowMs });
      for (const { id } of free) {
        store.devices.markLeased(id, HELD_BACK);
        store.leases.addDevice(leaseId, id);
      }
      devices += count;
    }
    const given = store.progress().numbers;
    const numbersFrom = Math.max(given, store.mark()?.numbers ?? given + UNKNOWN_NUMBERS);
    store.products.startNumbersAt(numbersFrom);
    store.meta.set(RESTORED_LAST, Buffer.from(String(nowMs)));
    store.meta.set(`restored.${nowMs}`, Buffer.from(JSON.stringify({ reason, approver, devices })));
    return { devices, numbersFrom };
  });
  store.raiseMark();
  return held;
}
