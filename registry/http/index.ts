/** The HTTP API for stations. */
export { createHttpServer, type HttpOptions } from './server.ts';
