import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ed25519Fingerprint, ed25519Verify } from '#node-kit/crypto/index.ts';
import { sha256Hex } from '#shared/domain/firmware.ts';
import {
  MAX_STATION_KEYS,
  REGISTRY_PATH,
  type StationKeyReply,
  stationKeysRequest,
  type StationKeysReply,
} from '#shared/registry-api/index.ts';
import { signedBytes } from '#shared/signed/index.ts';
import { RegistryError } from '../registry-error.ts';
import type { Store } from '../store/index.ts';
import { callerOf } from './require-station.ts';
import { readInput } from './errors.ts';

const keyParams = z.object({ keyId: sha256Hex });

/** The keys with which stations sign documents: a station reports its own, everybody may ask whose one is. */
export function addStationKeyRoutes(
  app: FastifyInstance,
  { store, nowMs }: { readonly store: Store; readonly nowMs: () => number },
): void {
  app.post(REGISTRY_PATH.stationKeys, (request): StationKeysReply => {
    const { keys } = readInput(stationKeysRequest, request.body);
    const { station, token } = callerOf(request);
    // The enrolment token is for any name; a key belongs to a station for good.
    if (token !== 'own') {
      throw new RegistryError(
        'forbidden',
        `station ${station} has no token of its own, and cannot report a key`,
        'Enrol it, or add it with "registry station add".',
      );
    }
    const decoded = keys.map((key) => {
      const publicKey = Buffer.from(key.publicKey, 'base64');
      const proof = Buffer.from(key.proof, 'base64');
      if (!ed25519Verify(publicKey, signedBytes('station-key', publicKey), proof)) {
        throw new RegistryError(
          'bad-input',
          'a key has no valid proof that the station has its private part',
          'The key is not stored.',
        );
      }
      return { publicKey, keyId: ed25519Fingerprint(publicKey), createdMs: key.createdAtMs };
    });
    const added = store.write(() => {
      const receivedMs = nowMs();
      const count = decoded.filter((key) => store.stationKeys.add({ ...key, station, receivedMs })).length;
      if (store.stationKeys.count(station) > MAX_STATION_KEYS) throw tooMany(station);
      return count;
    });
    return { keys: decoded.length, added };
  });
  app.get(REGISTRY_PATH.stationKey, (request): StationKeyReply => {
    const { keyId } = readInput(keyParams, request.params);
    const rows = store.stationKeys.byId(keyId);
    const [first] = rows;
    if (first === undefined)
      throw new RegistryError(
        'not-found',
        `no station has reported the key ${keyId}`,
        'Check the fingerprint.',
      );
    return {
      keyId,
      publicKey: Buffer.from(first.publicKey).toString('base64'),
      stations: rows.map(({ station, receivedMs }) => ({
        station,
        receivedMs,
        revoked: store.stations.byName(station) === null,
      })),
    };
  });
}

function tooMany(station: string): RegistryError {
  return new RegistryError(
    'conflict',
    `station ${station} has reported ${MAX_STATION_KEYS} keys`,
    'A station makes one key in years: look at what it does.',
  );
}
