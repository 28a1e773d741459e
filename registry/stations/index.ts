/** Stations: their tokens, rights and enrolment. */
export { type Caller, createAuthenticator, hasRight, type StationAuthenticator } from './authenticator.ts';
export { addStation, knownStations, type KnownStation, revokeStation, setRights } from './manage.ts';
export { enrol } from './enrol.ts';
