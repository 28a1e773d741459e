/** This module is for being recognised over a network: the registry's certificate, and where it may do without. */
export { type Certificate, fingerprintOf, ownCertificate, readCertificate } from './certificate.ts';
export { isLoopback } from './is-loopback.ts';
