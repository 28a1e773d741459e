import fastify, { type FastifyInstance } from 'fastify';
import type { StationAuthenticator } from '../stations/index.ts';
import { requireStation } from './require-station.ts';
import { addErrorHandlers } from './errors.ts';
import { addRoutes, type RouteOptions } from './routes.ts';

export interface HttpOptions extends RouteOptions {
  readonly authenticator: StationAuthenticator;
  /** PEM; without it no TLS. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

/** Much more than 1000 events with texts of full length. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;

/** The HTTP server, not yet listening. Closing it does not wait for idle connections. */
export function createHttpServer(options: HttpOptions): FastifyInstance {
  const settings = {
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  } as const;
  const { tls } = options;
  // The routes do not depend on the type of the server.
  const app =
    tls === undefined
      ? fastify(settings)
      : (fastify({ ...settings, https: { ...tls, minVersion: 'TLSv1.2' } }) as unknown as FastifyInstance);
  addErrorHandlers(app, options.log);
  requireStation(app, options.authenticator, options.store);
  addRoutes(app, options);
  return app;
}
