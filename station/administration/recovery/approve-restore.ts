import { Sequencer } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type Approval, type ApproverClaim, createLockOut, proveApprover } from '../people/index.ts';
import type { Actor } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import {
  openStationDatabaseForReading,
  type ReadableDatabase,
  type WritableDatabase,
} from '../../core/database/index.ts';

/**
 * The approver of a restore is a person of the database in place, or of the backup when that one cannot be read. A
 * wrong PIN is in no trail: the one trail may be damaged, and the other is not in its place yet.
 *
 * @param then the backup. Faults: those of `proveApprover`.
 */
export async function approveRestore(
  platform: Platform,
  order: ApproverClaim & { readonly by: Actor },
  then: WritableDatabase,
): Promise<Approval> {
  const now = openCurrent(platform.paths.dataDir);
  try {
    const { people } = now ?? then;
    const lockOut = createLockOut(platform.clock, new Map());
    const parts = {
      people,
      lockOut,
      sequencer: new Sequencer(),
      onWrong: () => undefined,
      onRight: () => undefined,
    };
    return await proveApprover(parts, order, order.by.user, new AbortController().signal);
  } finally {
    now?.close();
  }
}

function openCurrent(dataDir: string): ReadableDatabase | null {
  try {
    const database = openStationDatabaseForReading(dataDir);
    if (database.checkIntegrity() === null) return database;
    database.close();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  return null;
}
