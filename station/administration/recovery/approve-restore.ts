import { Sequencer } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { Approval, ApproverCredentials } from '../../core/approval/index.ts';
import { createLockOut, proveApprover } from '../users/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import {
  checkIntegrity,
  openStationDatabaseForReading,
  type ReadableDatabase,
} from '../../core/database/index.ts';

/**
 * The approver of a restore is a user of the present database, or of the backup when the present one cannot be read. A wrong
 * PIN is not recorded: the present audit trail may be damaged, and that of the backup is not in use yet.
 *
 * @param backup the opened copy of the backup. Faults: those of `proveApprover`.
 */
export async function approveRestore(
  platform: Platform,
  order: ApproverCredentials & { readonly by: Actor },
  backup: ReadableDatabase,
): Promise<Approval> {
  const current = await openCurrent(platform.paths.dataDir);
  try {
    const { users } = current ?? backup;
    const lockOut = createLockOut(platform.clock, new Map());
    const parts = {
      users,
      lockOut,
      sequencer: new Sequencer(),
      onWrong: () => undefined,
      onRight: () => undefined,
    };
    return await proveApprover(parts, order, order.by.user, new AbortController().signal);
  } finally {
    current?.close();
  }
}

async function openCurrent(dataDir: string): Promise<ReadableDatabase | null> {
  let opened: ReadableDatabase | null = null;
  try {
    opened = openStationDatabaseForReading(dataDir);
    if ((await checkIntegrity(opened.file, new AbortController().signal)) === null) return opened;
    opened.close();
  } catch (error) {
    opened?.close();
    if (!(error instanceof Fault)) throw error;
  }
  return null;
}
