import { Fault } from '#shared/domain/fault.ts';
import { type AuditSource, createRegistryClient, type RegistryClient } from './registry/index.ts';
import type { Settings } from './settings/index.ts';

/** The client of the registry the station is bound to now; made anew when the binding changes. */
export function cachedRegistry(settings: Settings, audit: AuditSource): () => RegistryClient | null {
  let key = '';
  let client: RegistryClient | null = null;
  return () => {
    const binding = settings.registry();
    if (binding === null) return null;
    const next = `${binding.url} ${settings.station()} ${binding.token}`;
    if (next !== key) {
      key = next;
      client = createRegistryClient({
        baseUrl: binding.url,
        token: binding.token,
        station: settings.station(),
        audit,
      });
    }
    if (client === null) throw new Fault('not-configured', 'this station is bound to no registry');
    return client;
  };
}
