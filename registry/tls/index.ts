/** The registry's TLS certificate. */
export { type Certificate, fingerprintOf, ownCertificate, readCertificate } from './certificate.ts';
export { isLoopback } from './is-loopback.ts';
