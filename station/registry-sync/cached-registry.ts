import {
  type AuditSource,
  createRegistryClient,
  type Enrolment,
  type RegistryClient,
  type SecretProver,
} from './client/index.ts';
import type { StoredBinding, Settings } from '../administration/settings/index.ts';

/** Gives the client of the registry that the station is bound to, made again when the binding changes; null without one. */
export function cachedRegistry(
  settings: Settings,
  audit: AuditSource,
  proveSecret: SecretProver,
): () => RegistryClient | null {
  let key = '';
  let client: RegistryClient | null = null;
  return () => {
    const binding = settings.registry();
    if (binding === null) return null;
    const next = `${binding.url} ${settings.station()} ${binding.token} ${binding.fingerprint ?? ''}`;
    if (next !== key) {
      key = next;
      client = createRegistryClient({
        baseUrl: binding.url,
        token: binding.token,
        fingerprint: binding.fingerprint,
        station: settings.station(),
        audit,
        proveSecret,
        enrolment: enrolmentOf(settings, binding),
      });
    }
    return client;
  };
}

/** How the configured token is exchanged for the station's own; null when it is the station's own. */
function enrolmentOf(settings: Settings, { token, isOwn }: StoredBinding): Enrolment | null {
  if (isOwn) return null;
  return {
    ownToken: settings.ownToken(token, settings.station()),
    keep: (own) => settings.keepOwnToken(token, own),
  };
}
