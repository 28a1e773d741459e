import { join } from 'node:path';
import { tryLockFile } from '#node-kit/sqlite/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { asRegistryFault } from './open-database.ts';

export const SERVICE_LOCK = 'service.lock';

/**
 * Locks the data directory for one registry service, see `tryLockFile`.
 * Faults: `data-busy`, `file-denied`, `disk-full`, `disk-read-only`, `disk-failing`.
 */
export function lockService(dataDir: string): Disposable {
  const file = join(dataDir, SERVICE_LOCK);
  let lock: Disposable | null;
  try {
    lock = tryLockFile(file);
  } catch (error) {
    throw asRegistryFault(error, file);
  }
  if (lock !== null) return lock;
  throw new Fault('data-busy', `another registry is already running on ${dataDir}`, {
    hint: 'Use that one, or stop it first.',
  });
}
