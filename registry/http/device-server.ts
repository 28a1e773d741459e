import fastify, { type FastifyInstance } from 'fastify';
import { REGISTRATION_PATH } from '#shared/registry-api/index.ts';
import type { RegistrationService } from '../registration/index.ts';
import { RegistryError } from '../registry-error.ts';
import type { Store } from '../store/index.ts';
import { addDeviceRegistration } from './device-registration.ts';
import { addErrorHandlers } from './errors.ts';
import { addFirmwareFile, isSignedDownload, type FirmwareFileOptions } from './firmware-file.ts';
import type { RegistryLog } from '../platform.ts';

export interface DeviceServerOptions extends FirmwareFileOptions {
  readonly store: Pick<Store, 'requireOnDisk'>;
  readonly log: RegistryLog;
  /** Devices may register themselves here; null: only downloads are served. */
  readonly registration: RegistrationService | null;
}

const BODY_LIMIT_BYTES = 4096;
const REQUEST_TIMEOUT_MS = 60_000;

/**
 * The HTTP server without TLS beside a registry with TLS, for devices that do not accept its certificate; not yet listening. It
 * serves downloads with a signed address, and registrations of devices where they are allowed: nothing that takes or gives
 * the token of a station.
 */
export function createDeviceServer(options: DeviceServerOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  });
  addErrorHandlers(app, options.log);
  app.addHook('onRequest', async (request) => {
    options.store.requireOnDisk();
    const { url } = request.routeOptions;
    const isRegistration = url === REGISTRATION_PATH.current || url === REGISTRATION_PATH.legacy;
    if (url === undefined || isRegistration || isSignedDownload(request)) return;
    throw new RegistryError(
      'forbidden',
      'this port serves signed downloads of devices only',
      'Stations use the address with TLS.',
    );
  });
  addFirmwareFile(app, options);
  if (options.registration !== null) addDeviceRegistration(app, options.registration);
  return app;
}
