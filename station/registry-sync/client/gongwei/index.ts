/** This module is for speaking to the project's own registry over HTTP, as agreed in `#shared/registry-api`. */
export type { Enrolment } from './bearer.ts';
export { createRegistryClient, type RegistryClientOptions } from './create-registry-client.ts';
