import { Fault } from '#shared/domain/fault.ts';
import { stationName, type StationRight } from '#shared/registry-api/index.ts';
import { newToken, tokenHash } from '../files/index.ts';
import type { Store, StationRow } from '../store/index.ts';

/** `origin` and `createdAtMs` are null for a station that has sent requests and never had a token of its own. */
export interface KnownStation {
  readonly name: string;
  readonly state: 'active' | 'revoked' | 'no-token';
  readonly rights: readonly StationRight[];
  readonly origin: StationRow['origin'] | null;
  readonly createdAtMs: number | null;
  readonly revokedAtMs: number | null;
  /** Fingerprints of the keys with which it signs documents, oldest first; the last one is in use. */
  readonly keys: readonly string[];
}

/** Makes a token for a station and returns it; only its hash is stored. Faults: `bad-input`. */
export function addStation(
  store: Store,
  name: string,
  rights: readonly StationRight[],
  nowMs: number,
): string {
  if (!stationName.safeParse(name).success) {
    throw new Fault('bad-input', `"${name}" cannot be a station's name`, {
      hint: 'Use 1 to 64 printable characters.',
    });
  }
  const token = newToken();
  store.write(() => {
    if (store.stations.byName(name) !== null) {
      throw new Fault('bad-input', `station ${name} has a token already`, {
        hint: 'A token is shown once. If it is lost, revoke it with "registry station revoke" and add the station again.',
      });
    }
    store.stations.insert({
      name,
      tokenSha256: tokenHash(token),
      rights,
      origin: 'added',
      createdAtMs: nowMs,
    });
  });
  return token;
}

/** Revokes the token of a station. Its name cannot be enrolled again. Faults: `not-found`. */
export function revokeStation(store: Store, name: string, nowMs: number): void {
  if (!store.write(() => store.stations.revoke(name, nowMs))) throw noToken(name);
}

/** Faults: `not-found`. */
export function setRights(store: Store, name: string, rights: readonly StationRight[]): void {
  if (!store.write(() => store.stations.setRights(name, rights))) throw noToken(name);
}

/** All stations that have or had a token, and all names that sent requests without one. */
export function knownStations(store: Store): KnownStation[] {
  const keysOf = (name: string): string[] => store.stationKeys.ofStation(name).map(({ keyId }) => keyId);
  const withToken = store.stations.list().map((row) => ({
    ...row,
    state: row.revokedAtMs === null ? ('active' as const) : ('revoked' as const),
    keys: keysOf(row.name),
  }));
  const without = store.stations.withoutToken().map((name) => ({
    name,
    state: 'no-token' as const,
    rights: [],
    origin: null,
    createdAtMs: null,
    revokedAtMs: null,
    keys: keysOf(name),
  }));
  return [...withToken, ...without];
}

function noToken(name: string): Fault {
  return new Fault('not-found', `no station "${name}" has a token here`, {
    hint: 'List them with "registry station list".',
  });
}
