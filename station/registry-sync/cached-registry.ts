import {
  type AuditSource,
  createRegistryClient,
  type Enrolment,
  type RegistryClient,
  type SecretProver,
  type StoredBinding,
} from './client/index.ts';

/** The settings of a station that its registry client depends on. */
export interface RegistrySettings {
  station(): string;
  /** Null when the station is bound to no registry. */
  registry(): StoredBinding | null;
  /** The station's own token, for the one that is exchanged. */
  ownToken(token: string, station: string): string;
  storeOwnToken(token: string, own: string): void;
}

/** Returns a function for the client of the bound registry, or null; creates a new client when the binding changes. */
export function cachedRegistry(
  settings: RegistrySettings,
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

/** The exchange of the configured token for the station's own; null when it is the station's own. */
function enrolmentOf(settings: RegistrySettings, { token, isOwn }: StoredBinding): Enrolment | null {
  if (isOwn) return null;
  return {
    ownToken: settings.ownToken(token, settings.station()),
    storeToken: (own) => settings.storeOwnToken(token, own),
  };
}
