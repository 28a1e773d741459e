import { Fault } from '#shared/domain/fault.ts';
import type { WritableDatabase } from '../core/database/index.ts';

/** Setting of a restore that could not read every name of the database before it; the value is its instant. */
export const INCOMPLETE_RESTORE = 'restore.unsure';

/**
 * Refuses an import after an incomplete restore: the file may contain triples that were imported and burned after the
 * backup, which this station cannot detect. Faults: `bad-input`.
 *
 * @param neverUsed a person states that no triple of the file was ever imported
 */
export function checkImportAfterRestore(database: WritableDatabase, neverUsed: boolean): void {
  const restoredAt = database.meta.get(INCOMPLETE_RESTORE);
  if (restoredAt === null || neverUsed) return;
  const when = new Date(Number(restoredAt)).toISOString().slice(0, 16).replace('T', ' ');
  throw new Fault(
    'bad-input',
    `this station was restored at ${when} UTC, and not all names of the time before are known`,
    {
      hint: 'Lease triples from the registry; or, when no triple of this file was ever imported anywhere, give --never-used.',
    },
  );
}
