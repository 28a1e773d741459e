import type { StationRight } from '#shared/registry-api/index.ts';
import { RegistryError } from '../registry-error.ts';
import type { Store } from '../store/index.ts';

/** Rights of a station with the enrolment token: it may put its own firmware online. */
export const ENROLLED_RIGHTS: readonly StationRight[] = ['firmware'];

/**
 * Stores the hash of a station's own token. The first station that asks for a name gets it; a repeated request has no further
 * effect. Errors: `forbidden`.
 */
export function enrol(store: Store, name: string, tokenSha256: Uint8Array, nowMs: number): void {
  store.write(() => {
    const owner = store.stations.byToken(tokenSha256);
    if (owner !== null && owner.name === name && owner.revokedAtMs === null) return;
    if (owner !== null || store.stations.hasEver(name)) throw nameTaken(name);
    store.stations.insert({
      name,
      tokenSha256,
      rights: ENROLLED_RIGHTS,
      origin: 'enrolled',
      createdAtMs: nowMs,
    });
  });
}

function nameTaken(name: string): RegistryError {
  return new RegistryError(
    'forbidden',
    `the name ${name} is taken: another station has a token for it, or had one that was revoked`,
    'Give this station another name. If it is the same one with a new data directory: "registry station revoke NAME", then "registry station add NAME" makes it a token.',
  );
}
