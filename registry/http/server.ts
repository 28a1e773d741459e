import fastify, { type FastifyInstance } from 'fastify';
import type { RegistryLog } from '../log.ts';
import type { Gate } from '../stations/index.ts';
import { requireStation } from './auth.ts';
import { closeErrors } from './errors.ts';
import { addRoutes, type RouteParts } from './routes.ts';

export interface HttpOptions extends RouteParts {
  readonly gate: Gate;
  readonly log: RegistryLog;
}

/** A thousand events with all their texts at full length fit many times. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;

/** The HTTP side of the registry, not yet listening. Closing it does not wait for idle connections. */
export function createHttpServer(options: HttpOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  });
  closeErrors(app, options.log);
  requireStation(app, options.gate, options.store);
  addRoutes(app, options);
  return app;
}
