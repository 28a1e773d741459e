import type { StationRight } from '#shared/registry-api/index.ts';
import { RegistryError } from '../registry-error.ts';
import type { Store } from '../store/index.ts';

/** What a station may do that came with the enrolment token: as much of the commands as it takes to use its own firmware. */
export const ENROLLED_RIGHTS: readonly StationRight[] = ['firmware'];

/**
 * Takes the hash of a station's own token for its name: the first that comes has the name. The same hash again changes
 * nothing, for a reply may have been lost. Faults (RegistryError): `forbidden`.
 */
export function enrol(store: Store, name: string, tokenSha256: Uint8Array, nowMs: number): void {
  store.write(() => {
    const known = store.stations.byToken(tokenSha256);
    if (known !== null && known.name === name && known.revokedMs === null) return;
    if (known !== null || store.stations.hasEver(name)) throw taken(name);
    store.stations.insert({
      name,
      tokenSha256,
      rights: ENROLLED_RIGHTS,
      came: 'enrolled',
      createdMs: nowMs,
    });
  });
}

function taken(name: string): RegistryError {
  return new RegistryError(
    'forbidden',
    `the name ${name} is taken: another station has a token for it, or had one that was revoked`,
    'Give this station another name. If it is the same one with a new data directory: "registry station revoke NAME", then "registry station add NAME" makes it a token.',
  );
}
