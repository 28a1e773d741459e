import { createAuditTrail } from '../../core/audit-log/index.ts';
import { openVault } from '../../identity/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { createRegistryClient, type RegistryClient } from '../../registry-sync/client/index.ts';
import { Settings } from '../settings/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';

/**
 * The registry that a data directory is bound to, for somebody who only looks; null when it is bound to none.
 * Faults: `secret-unreadable`.
 */
export async function reachRegistry(
  database: WritableDatabase,
  platform: Platform,
): Promise<RegistryClient | null> {
  if (database.secretKeys.list().length === 0) return null;
  const vault = await openVault(database, platform);
  const settings = new Settings(database, vault, createAuditTrail(database, platform.clock), platform);
  const binding = settings.registry();
  if (binding === null) return null;
  const { url: baseUrl, token, fingerprint } = binding;
  return createRegistryClient({ baseUrl, token, fingerprint, station: settings.station() });
}
