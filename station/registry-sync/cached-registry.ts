import { Fault } from '#shared/domain/fault.ts';
import {
  type AuditSource,
  createRegistryClient,
  type Enrolment,
  type RegistryClient,
  type SecretProver,
} from './client/index.ts';
import type { StoredBinding, Settings } from '../administration/settings/index.ts';

/** The client of the registry the station is bound to now; made anew when the binding changes. */
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
    if (client === null) throw new Fault('not-configured', 'this station is bound to no registry');
    return client;
  };
}

/** How this station comes to a token of its own; null when it has one. */
function enrolmentOf(settings: Settings, { token, isOwn }: StoredBinding): Enrolment | null {
  if (isOwn) return null;
  return {
    ownToken: settings.ownToken(token, settings.station()),
    keep: (own) => settings.keepOwnToken(token, own),
  };
}
