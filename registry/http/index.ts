/** The HTTP API for stations. */
export { createHttpServer, type HttpOptions } from './server.ts';
/** HTTP without TLS for devices beside it. */
export { createDeviceServer } from './device-server.ts';
