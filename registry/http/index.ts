/** This module is for the stations: the registry's HTTP side. */
export { createHttpServer, type HttpOptions } from './server.ts';
