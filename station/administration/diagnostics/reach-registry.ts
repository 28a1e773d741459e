import type { ReadableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { createVault, openKeyRingForReading } from '../../identity/index.ts';
import { createRegistryClient, type RegistryClient } from '../../registry-sync/client/index.ts';
import { readRegistryBinding, readStationName } from '../settings/index.ts';

/**
 * The registry that a data directory is bound to, for a program that only reads it; null when it is bound to none.
 * Faults: `secret-unreadable`.
 */
export async function reachRegistry(
  database: ReadableDatabase,
  platform: Platform,
): Promise<RegistryClient | null> {
  if (database.secretKeys.list().length === 0) return null;
  const vault = createVault(await openKeyRingForReading(database, platform), platform.random);
  const binding = readRegistryBinding(database, vault);
  if (binding === null) return null;
  const { url: baseUrl, token, fingerprint } = binding;
  return createRegistryClient({ baseUrl, token, fingerprint, station: readStationName(database, platform) });
}
