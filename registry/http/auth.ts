import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  readStationHeader,
  REGISTRY_PATH,
  STATION_HEADER,
  type StationRight,
} from '#shared/registry-api/index.ts';
import { RegistryError } from '../registry-error.ts';
import { type Caller, type StationAuthenticator, may } from '../stations/index.ts';
import type { Store } from '../store/index.ts';
import { bringsDownloadPass } from './firmware-file.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until the token was looked at. */
    caller: Caller | null;
  }
}

/**
 * Lets nothing but `health`, and a download whose address carries its own right, through without the token of a station.
 * Runs before a body is read.
 */
export function requireStation(
  app: FastifyInstance,
  authenticator: StationAuthenticator,
  store: Pick<Store, 'requireOnDisk'>,
): void {
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    // Also whether it is in health: what is read from a file that is gone is as lost as what would be written.
    store.requireOnDisk();
    const { url } = request.routeOptions;
    if (url === REGISTRY_PATH.health || bringsDownloadPass(request)) return;
    const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '');
    request.caller = authenticator.identify(
      match?.[1] ?? '',
      claimedName(request),
      url === REGISTRY_PATH.enrol,
    );
  });
}

/** The name of the asking station, which its token says. */
export function stationOf(request: FastifyRequest): string {
  return callerOf(request).station;
}

/** Who asks, and with which rights. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('a route without a caller asked who it is');
  return request.caller;
}

/** Faults (RegistryError): `forbidden`, saying what the station may not do. */
export function requireRight(request: FastifyRequest, right: StationRight, what: string): void {
  const caller = callerOf(request);
  if (may(caller, right)) return;
  throw new RegistryError(
    'forbidden',
    `station ${caller.station} may not ${what}`,
    `Have it done by a station with the right "${right}" ("registry station rights"), or at the registry itself.`,
  );
}

/** Null when the header is missing. Faults (RegistryError): `bad-input` when it is no name. */
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
