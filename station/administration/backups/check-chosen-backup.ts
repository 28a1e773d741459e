import { Fault } from '#shared/domain/fault.ts';
import { type BackupFacts, type BackupReading, checkBackup } from '../../core/database/index.ts';

/**
 * Reads a backup that a user has chosen to its end. A damaged or foreign file says nothing about the database of the
 * station, so it is not reported as damage of that. Faults: those of `checkBackup`, with `backup-invalid` in place of
 * `database-corrupt`.
 */
export async function checkChosenBackup(path: string, reading: BackupReading): Promise<BackupFacts> {
  try {
    return await checkBackup(path, reading);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'database-corrupt') throw error;
    throw new Fault('backup-invalid', error.message, { hint: 'Choose another one.', cause: error });
  }
}
