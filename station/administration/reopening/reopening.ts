import { Fault, type FaultView } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { Admission } from '../../core/admission/index.ts';
import type { HeldLock } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { Slots } from '../../execution/slots/index.ts';
import type { RestoreReport } from '../recovery/index.ts';

/** What was done while the station was closed, for the pages of the station that was opened then. */
export interface Reopened {
  readonly atMs: number;
  readonly by: string;
  /** What was restored; null when nothing was. */
  readonly report: RestoreReport | null;
  /** Why it was not done; the station is open as it was before. */
  readonly fault: FaultView | null;
}

export interface ReopenRequest {
  readonly by: Actor;
  /** Done while the station is closed and the host holds its data directory. A fault of it means that nothing was changed. */
  readonly work: (platform: Platform, lock: HeldLock) => Promise<RestoreReport | null>;
}

/**
 * Closes the station, does the work, and opens the station again; returns before. Provided by a host that can do so.
 * Faults: `station-closing` while it is under way already.
 */
export type Reopen = (request: ReopenRequest) => void;

/** Requires that no unit is tested or used by support. Faults: `slot-busy`. */
export function requireIdle(slots: Slots): void {
  const inUse = slots.inUse();
  if (inUse.length === 0) return;
  throw new Fault('slot-busy', `units are in use on slot ${inUse.join(', ')}`, {
    hint: 'Wait until they are done, then try again.',
    details: { slot: inUse[0] ?? 0 },
  });
}

/**
 * Requests that the host opens the station again. From this call on no work begins at this station; the host opens another
 * one. Faults: `slot-busy` while units are in use, `not-configured` when the host cannot do so, `station-closing`.
 */
export function requestReopening(
  {
    reopen,
    slots,
    admission,
  }: { readonly reopen: Reopen | undefined; readonly slots: Slots; readonly admission: Admission },
  request: ReopenRequest,
): void {
  requireIdle(slots);
  if (reopen === undefined)
    throw new Fault('not-configured', 'this program cannot open its station again', {
      hint: 'Close the program and start it again.',
    });
  reopen(request);
  admission.end();
}
