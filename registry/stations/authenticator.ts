import { tokenHash, sameToken } from '../files/index.ts';
import { RegistryError } from '../registry-error.ts';
import type { Store } from '../store/index.ts';
import type { Caller } from './caller.ts';
import { ENROLLED_RIGHTS } from './enrol.ts';

/** Tells who asks by the token that is shown. */
export interface StationAuthenticator {
  /**
   * @param claimed the name in the header; null when there is none.
   * @param enrolling lets the enrolment token through for a name that has a token already, which may be the asker's.
   * Faults (RegistryError): `unauthorized`, `forbidden` for another's name, `bad-input` for the enrolment token without a name.
   */
  identify(token: string, claimed: string | null, enrolling: boolean): Caller;
}

/** @param enrolment the token that may be exchanged; null when enrolment is switched off. */
export function createAuthenticator(store: Store, enrolment: string, isOpen: boolean): StationAuthenticator {
  return {
    identify(token, claimed, enrolling) {
      if (sameToken(token, enrolment)) {
        if (!isOpen) throw closed();
        return enrollingCaller(store, claimed, enrolling);
      }
      const row = store.stations.byToken(tokenHash(token));
      if (row === null) throw wrong();
      if (row.revokedMs !== null) throw revoked(row.name);
      if (claimed !== null && claimed !== row.name) throw anotherName(row.name, claimed);
      return { station: row.name, token: 'own', rights: row.rights };
    },
  };
}

function enrollingCaller(store: Store, claimed: string | null, enrolling: boolean): Caller {
  if (claimed === null) {
    throw new RegistryError('bad-input', 'the request does not name a station', 'Name the station.');
  }
  if (!enrolling && store.stations.hasEver(claimed)) {
    throw new RegistryError(
      'forbidden',
      `station ${claimed} has a token of its own, and the enrolment token does not speak for it`,
      `Use that token. If it is lost: "registry station revoke", then "registry station add".`,
    );
  }
  return { station: claimed, token: 'shared', rights: ENROLLED_RIGHTS };
}

function wrong(): RegistryError {
  return new RegistryError(
    'unauthorized',
    'the station token is missing or wrong',
    'Configure the station with the token of "registry station add", or with the one that the registry printed when it started.',
  );
}

function closed(): RegistryError {
  return new RegistryError(
    'unauthorized',
    'this registry is closed for enrolment: the token it was started with is good for nothing',
    'Have a token made for this station with "registry station add NAME".',
  );
}

function revoked(name: string): RegistryError {
  return new RegistryError(
    'unauthorized',
    `the token of station ${name} was revoked`,
    'Have a new one made with "registry station add NAME".',
  );
}

function anotherName(name: string, claimed: string): RegistryError {
  return new RegistryError(
    'forbidden',
    `this token is that of station ${name}, and the request says it comes from ${claimed}`,
    'Configure the station with the token of its own name.',
  );
}
