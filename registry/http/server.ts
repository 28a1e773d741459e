import fastify, { type FastifyInstance } from 'fastify';
import type { RegistryLog } from '../log.ts';
import type { StationAuthenticator } from '../stations/index.ts';
import { requireStation } from './auth.ts';
import { closeErrors } from './errors.ts';
import { addRoutes, type RouteParts } from './routes.ts';

export interface HttpOptions extends RouteParts {
  readonly authenticator: StationAuthenticator;
  readonly log: RegistryLog;
  /** PEM; without TLS when left out. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

/** A thousand events with all their texts at full length fit many times. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;

/** The HTTP side of the registry, not yet listening. Closing it does not wait for idle connections. */
export function createHttpServer(options: HttpOptions): FastifyInstance {
  const settings = {
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  } as const;
  const { tls } = options;
  // Its routes are the same over both; the type of the server below does not matter here.
  const app =
    tls === undefined
      ? fastify(settings)
      : (fastify({ ...settings, https: { ...tls, minVersion: 'TLSv1.2' } }) as unknown as FastifyInstance);
  closeErrors(app, options.log);
  requireStation(app, options.authenticator, options.store);
  addRoutes(app, options);
  return app;
}
