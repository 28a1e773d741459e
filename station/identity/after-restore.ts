import { Fault } from '#shared/domain/fault.ts';
import type { WritableDatabase } from '../core/database/index.ts';

/** Set when a restore could not see every name that was here before; its value is when that was. */
export const INCOMPLETE_RESTORE = 'restore.unsure';

/**
 * A file may bring triples as new that were imported after the backup and burned since. Nobody here can know it, so
 * somebody must say it. Faults: `bad-input`.
 */
export function checkImportAfterRestore(database: WritableDatabase, neverUsed: boolean): void {
  const restoredAt = database.meta.get(INCOMPLETE_RESTORE);
  if (restoredAt === null || neverUsed) return;
  const when = new Date(Number(restoredAt)).toISOString().slice(0, 16).replace('T', ' ');
  throw new Fault(
    'bad-input',
    `this station was restored at ${when} UTC, and not all names that were here before are known`,
    {
      hint: 'Lease triples from the registry; or, when no triple of this file was ever imported anywhere, give --never-used.',
    },
  );
}
