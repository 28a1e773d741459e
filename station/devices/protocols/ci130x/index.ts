/** Writes the flash of the CI130x voice chips, such as that of a CI-03T, by the vendor's updater. */
export { createCi130xProtocol } from './ci130x-protocol.ts';
