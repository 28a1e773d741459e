import { auditIdentity } from '../identity/index.ts';
import type { ApiParts, Section } from './parts.ts';

export function stationHandlers({
  platform,
  config,
  store,
  settings,
  sync,
}: ApiParts): Section<'station' | 'identity' | 'sync'> {
  return {
    'station.info': (_, { session }) => ({
      station: settings.station(),
      appVersion: config.appVersion,
      dataDir: platform.paths.dataDir,
      registryUrl: settings.registry()?.url ?? null,
      slots: config.slots.length,
      session: { role: session.role, user: session.user },
    }),
    'identity.audit': () => auditIdentity(store),
    'sync.drain': (_, { signal }) => sync.drain(signal),
    'sync.retry': ({ key }) => sync.retry(key),
  };
}
