import { createAuditTrail } from '../../core/audit-log/index.ts';
import { openVault } from '../../identity/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { createRegistryClient, type RegistryClient } from '../../registry-sync/client/index.ts';
import { createSettings } from '../settings/index.ts';
import type { Store } from '../../core/database/index.ts';

/**
 * The registry that a data directory is bound to, for somebody who only looks; null when it is bound to none.
 * Faults: `secret-unreadable`.
 */
export async function reachRegistry(store: Store, platform: Platform): Promise<RegistryClient | null> {
  if (store.secretKeys.all().length === 0) return null;
  const settings = createSettings(
    store,
    await openVault(store, platform),
    createAuditTrail(store, platform.clock),
    platform.random,
  );
  const binding = settings.registry();
  if (binding === null) return null;
  const { url: baseUrl, token, fingerprint } = binding;
  return createRegistryClient({ baseUrl, token, fingerprint, station: settings.station() });
}
