import { Fault, type FaultView } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
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
  /** Done while the data directory has no owner. A fault of it means that nothing was changed. */
  readonly work: (platform: Platform) => Promise<RestoreReport | null>;
}

/**
 * Closes the station, does the work, and opens the station again; returns before. Provided by a host that can do so.
 * Faults: `data-busy` while it is under way already.
 */
export type Reopen = (request: ReopenRequest) => void;

/**
 * Requires that no unit is tested, for work that would delay a test: it reads whole files without a pause.
 * Faults: `slot-busy`.
 */
export function requireIdle(slots: Slots): void {
  const running = slots.running();
  if (running.length === 0) return;
  throw new Fault('slot-busy', `units are tested on slot ${running.map(({ slot }) => slot).join(', ')}`, {
    hint: 'Wait until they are done, then try again.',
    details: { slot: running[0]?.slot ?? 0 },
  });
}

/**
 * Requests that the host opens the station again. Faults: `slot-busy` while units are tested, `not-configured` when
 * the host cannot do so, `data-busy`.
 */
export function requestReopening(
  { reopen, slots }: { readonly reopen: Reopen | undefined; readonly slots: Slots },
  request: ReopenRequest,
): void {
  requireIdle(slots);
  if (reopen === undefined)
    throw new Fault('not-configured', 'this program cannot open its station again', {
      hint: 'Close the program and start it again.',
    });
  reopen(request);
}
