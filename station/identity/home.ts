import { createHash } from 'node:crypto';
import { Fault } from '#shared/domain/fault.ts';
import type { Approve, ApproverClaim } from '../access/index.ts';
import type { Actor, AuditTrail } from '../audit/index.ts';
import type { Platform } from '../platform/index.ts';
import type { Store } from '../store/index.ts';

/** On which computer this ledger is at home, as a hash. */
export const HOME = 'station.home';

/** Somebody's word that the computer where the ledger was at home will never work with it again. */
export interface Moved extends ApproverClaim {
  readonly reason: string;
  readonly by: Actor;
}

export interface HomeParts {
  readonly store: Store;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly approve: Approve;
}

/**
 * A data directory that was copied to a second computer would hand out the same triples there. So the ledger knows its
 * computer, where that can be told. Faults: `data-busy` on another one, unless somebody vouches for the move;
 * `bad-input` when it is not said why; those of `proveApprover`.
 */
export async function keepHome(
  { store, platform, audit, approve }: HomeParts,
  moved: Moved | undefined,
): Promise<void> {
  const machine = platform.machineId?.() ?? null;
  if (machine === null) return;
  const here = createHash('sha256').update(`gongwei station\n${machine}`).digest('hex').slice(0, 32);
  const home = store.meta.get(HOME);
  if (home === here) return;
  if (home !== null && moved === undefined) {
    throw new Fault(
      'data-busy',
      `${platform.paths.dataDir} is at home on another computer, which may work with it`,
      {
        hint: 'If that one never will again: "station moved --reason TEXT --approver NAME". If it may: begin a new station here and lease anew.',
      },
    );
  }
  const reason = moved?.reason.trim() ?? '';
  if (home !== null && reason === '')
    throw new Fault('bad-input', 'a station is moved with a reason and an approver', {
      hint: 'They go into the audit trail.',
    });
  const approval =
    home === null || moved === undefined
      ? null
      : await approve(moved, moved.by, new AbortController().signal);
  store.transaction(() => {
    store.meta.set(HOME, here);
    if (approval !== null && moved !== undefined)
      audit.note(moved.by, 'station.move', here, { reason, ...approval, from: home });
  });
}
