import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readStationHeader, REGISTRY_PATH, STATION_HEADER } from '#shared/registry-api/index.ts';
import { sameToken } from '../files/index.ts';
import { RegistryError } from '../registry-error.ts';
import { bringsDownloadPass } from './firmware-file.ts';

/**
 * Lets nothing but `health`, and a download whose address carries its own right, through without the station token and
 * a station's name. Runs before a body is read.
 */
export function requireStation(app: FastifyInstance, stationToken: string): void {
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.url === REGISTRY_PATH.health || bringsDownloadPass(request)) return;
    const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '');
    if (match?.[1] === undefined || !sameToken(match[1], stationToken)) {
      throw new RegistryError(
        'unauthorized',
        'the station token is missing or wrong',
        'Configure the station with the token that the registry printed when it started.',
      );
    }
    stationOf(request);
  });
}

/** The name of the asking station. Faults (RegistryError): `bad-input`. */
export function stationOf(request: FastifyRequest): string {
  const header = request.headers[STATION_HEADER];
  const name = readStationHeader(typeof header === 'string' ? header : undefined);
  if (name !== null) return name;
  throw new RegistryError(
    'bad-input',
    `the header ${STATION_HEADER} does not name a station`,
    'Name the station.',
  );
}
