import type { StationRight } from '#shared/registry-api/index.ts';
import { sameToken, tokenHash } from '../files/index.ts';
import { RegistryError } from '../registry-error.ts';
import type { Store } from '../store/index.ts';
import { ENROLLED_RIGHTS } from './enrol.ts';

/** The station that sends a request. */
export interface Caller {
  readonly station: string;
  /** `shared`: the enrolment token, with a name that has no token of its own. */
  readonly token: 'own' | 'shared';
  readonly rights: readonly StationRight[];
}

/** The right `admin` includes all others. */
export function hasRight({ rights }: Pick<Caller, 'rights'>, right: StationRight): boolean {
  return rights.includes(right) || rights.includes('admin');
}

/** Identifies stations by their tokens. */
export interface StationAuthenticator {
  /**
   * Errors: `unauthorized`, `forbidden` for the name of another station, `bad-input` for the enrolment token without a name.
   *
   * @param claimed the name in the header; null without one
   * @param enrolling accepts the enrolment token for a name that has a token, because an enrolment may be repeated
   */
  authenticate(token: string, claimed: string | null, enrolling: boolean): Caller;
}

/**
 * @param enrolment the enrolment token
 * @param isOpen false: the enrolment token is refused
 */
export function createAuthenticator(store: Store, enrolment: string, isOpen: boolean): StationAuthenticator {
  return {
    authenticate(token, claimed, enrolling) {
      if (sameToken(token, enrolment)) {
        if (!isOpen) throw enrolmentClosed();
        return enrollingCaller(store, claimed, enrolling);
      }
      const row = store.stations.byToken(tokenHash(token));
      if (row === null) throw wrongToken();
      if (row.revokedAtMs !== null) throw revokedToken(row.name);
      if (claimed !== null && claimed !== row.name) throw wrongName(row.name, claimed);
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
      `station ${claimed} has a token of its own, and cannot be used with the enrolment token`,
      `Use that token. If it is lost: "registry station revoke", then "registry station add".`,
    );
  }
  return { station: claimed, token: 'shared', rights: ENROLLED_RIGHTS };
}

function wrongToken(): RegistryError {
  return new RegistryError(
    'unauthorized',
    'the station token is missing or wrong',
    'Configure the station with the token of "registry station add", or with the one that the registry printed when it started.',
  );
}

function enrolmentClosed(): RegistryError {
  return new RegistryError(
    'unauthorized',
    'enrolment is closed at this registry, and its enrolment token is not accepted',
    'Have a token made for this station with "registry station add NAME".',
  );
}

function revokedToken(name: string): RegistryError {
  return new RegistryError(
    'unauthorized',
    `the token of station ${name} was revoked`,
    'Have a new one made with "registry station add NAME".',
  );
}

function wrongName(name: string, claimed: string): RegistryError {
  return new RegistryError(
    'forbidden',
    `this token is that of station ${name}, and the request says it comes from ${claimed}`,
    'Configure the station with the token of its own name.',
  );
}
