import { findDamage } from '#node-kit/sqlite/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { asStationDatabaseFault, inOneLine } from './database-fault.ts';

/**
 * Reads a whole database file in a thread of its own; returns what is damaged in it, or null. Faults: an error that keeps it
 * from being read and is no damage (`disk-failing`, `data-busy`, `file-denied`), the signal's reason.
 */
export async function checkIntegrity(file: string, signal: AbortSignal): Promise<string | null> {
  try {
    const damage = await findDamage(file, signal);
    return damage === null ? null : inOneLine(damage);
  } catch (error) {
    const fault = asStationDatabaseFault(error, file);
    if (!(fault instanceof Fault) || fault.code !== 'database-corrupt') throw fault;
    return inOneLine(error instanceof Error ? error.message : String(error));
  }
}
