/** Client of the project's own registry over HTTP, as specified in `#shared/registry-api`. */
export type { Enrolment } from './bearer.ts';
export { createRegistryClient, type RegistryClientOptions } from './create-registry-client.ts';
