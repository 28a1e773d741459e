import type { ReadableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { StoredBinding } from '../../registry-sync/client/index.ts';
import { NETWORKS } from '../../execution/networks/index.ts';
import { SECRET_DIGEST_KEY, SIGNING_KEY, type Vault } from '../../identity/index.ts';

export const NAME = 'station.name';
export const REGISTRY_URL = 'registry.url';
export const REGISTRY_TOKEN = 'registry.token';
/** '1' when the token is this station's own. */
export const TOKEN_IS_OWN = 'registry.token-is-own';
/** SHA-256 of the registry's certificate; '' when none was agreed on. */
export const REGISTRY_FINGERPRINT = 'registry.fingerprint';
export const STATION_SECRET = 'station.secret';
/** Settings that are sealed, each under its own name. */
export const SEALED_SETTINGS: readonly string[] = [
  REGISTRY_TOKEN,
  STATION_SECRET,
  SECRET_DIGEST_KEY,
  SIGNING_KEY,
  NETWORKS,
];

/** The configured name, else that of the computer. */
export function readStationName(
  database: ReadableDatabase,
  { hostName }: Pick<Platform, 'hostName'>,
): string {
  return database.meta.get(NAME) ?? hostName();
}

/** The address of the registry that the station is bound to, which needs no key; null when it is bound to none. */
export function readRegistryUrl({ meta }: ReadableDatabase): string | null {
  return meta.get(REGISTRY_TOKEN) === null ? null : meta.get(REGISTRY_URL);
}

/** Null when the station is bound to no registry. Faults: `secret-unreadable`. */
export function readRegistryBinding(database: ReadableDatabase, vault: Vault): StoredBinding | null {
  const { meta } = database;
  const url = meta.get(REGISTRY_URL);
  const token = unsealSetting(database, vault, REGISTRY_TOKEN, (text) => text);
  if (url === null || token === null) return null;
  const fingerprint = meta.get(REGISTRY_FINGERPRINT) || null;
  return { url, token, fingerprint, isOwn: meta.get(TOKEN_IS_OWN) === '1' };
}

/** Opens a sealed setting for the length of `use`; null when it is not set. Faults: `secret-unreadable`. */
export function unsealSetting<T>(
  database: ReadableDatabase,
  vault: Vault,
  name: string,
  use: (secret: string) => T,
): T | null {
  const sealed = database.meta.get(name);
  return sealed === null ? null : vault.reveal(Buffer.from(sealed, 'base64'), name, use);
}
