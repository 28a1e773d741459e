/** This module is for knowing who asks: a token for each station, its rights, and how it comes to it. */
export { type Caller, may } from './caller.ts';
export { createAuthenticator, type StationAuthenticator } from './authenticator.ts';
export { addStation, knownStations, type KnownStation, revokeStation, setRights } from './manage.ts';
export { enrol } from './enrol.ts';
