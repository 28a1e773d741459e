import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  readStationHeader,
  REGISTRATION_PATH,
  REGISTRY_PATH,
  STATION_HEADER,
  type StationRight,
} from '#shared/registry-api/index.ts';
import { RegistryError } from '../registry-error.ts';
import { type Caller, hasRight, type StationAuthenticator } from '../stations/index.ts';
import type { Store } from '../store/index.ts';
import { isSignedDownload } from './firmware-file.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until the token was checked. */
    caller: Caller | null;
  }
}

/** Requires a station's token for every request except `health`, public keys, signed downloads and
 * registrations of devices, before the body is read. */
export function requireStation(
  app: FastifyInstance,
  authenticator: StationAuthenticator,
  store: Pick<Store, 'requireOnDisk'>,
): void {
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    // Also before reads: a deleted database file still answers.
    store.requireOnDisk();
    const { url } = request.routeOptions;
    if (url === REGISTRATION_PATH.current || url === REGISTRATION_PATH.legacy) return;
    if (url === REGISTRY_PATH.health || url === REGISTRY_PATH.stationKey || isSignedDownload(request)) return;
    const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '');
    request.caller = authenticator.authenticate(
      match?.[1] ?? '',
      claimedName(request),
      url === REGISTRY_PATH.enrol,
    );
  });
}

/** The name of the station that sends the request. */
export function stationOf(request: FastifyRequest): string {
  return callerOf(request).station;
}

/** The station that sends the request, with its rights. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('a route without authentication asked for its caller');
  return request.caller;
}

/** Errors: `forbidden`. */
export function requireRight(request: FastifyRequest, right: StationRight, action: string): void {
  const caller = callerOf(request);
  if (hasRight(caller, right)) return;
  throw new RegistryError(
    'forbidden',
    `station ${caller.station} may not ${action}`,
    `Have it done by a station with the right "${right}" ("registry station rights"), or at the registry itself.`,
  );
}

/** Null without the header. Errors: `bad-input` when it is not a station's name. */
function claimedName(request: FastifyRequest): string | null {
  const header = request.headers[STATION_HEADER];
  if (header === undefined) return null;
  const name = readStationHeader(typeof header === 'string' ? header : undefined);
  if (name !== null) return name;
  throw new RegistryError(
    'bad-input',
    `the header ${STATION_HEADER} does not name a station`,
    'Name the station.',
  );
}
