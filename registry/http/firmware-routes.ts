import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  CHUNK_HASH_HEADER,
  firmwareQuery,
  firmwareStateRequest,
  firmwareUploadRequest,
  MAX_CHUNK_BYTES,
  REGISTRY_PATH,
  type FirmwareListReply,
  type FirmwareReply,
  type FirmwareUploadReply,
  type RegistryFirmware,
} from '#shared/registry-api/index.ts';
import { sha256Hex } from '#shared/domain/firmware.ts';
import type { FirmwareStore } from '../firmware/index.ts';
import { RegistryError } from '../registry-error.ts';
import { callerOf, requireRight, stationOf } from './require-station.ts';
import { readInput } from './errors.ts';

const firmwareParams = z.object({ firmwareId: z.uuid() });

/** Firmware of stations: announce, upload in chunks, complete, list, put online (上线) and offline (下线). */
export function addFirmwareRoutes(app: FastifyInstance, firmwareStore: FirmwareStore): void {
  app.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: MAX_CHUNK_BYTES },
    (_request, body, done) => done(null, body),
  );
  const idOf = (request: FastifyRequest): string => readInput(firmwareParams, request.params).firmwareId;

  app.post(REGISTRY_PATH.firmwareUploads, (request): Promise<FirmwareUploadReply> =>
    firmwareStore.begin(readInput(firmwareUploadRequest, request.body), stationOf(request)),
  );
  app.get(REGISTRY_PATH.firmwareUpload, (request): Promise<FirmwareUploadReply> =>
    firmwareStore.received(idOf(request)),
  );
  app.put(REGISTRY_PATH.firmwareUpload, (request): Promise<FirmwareUploadReply> => {
    const firmwareId = idOf(request);
    requireOwn(request, firmwareId);
    const { body } = request;
    if (!Buffer.isBuffer(body)) {
      throw new RegistryError(
        'bad-input',
        'a chunk is sent as application/octet-stream',
        'Correct the request.',
      );
    }
    const { offset, totalBytes } = rangeOf(request, body.length);
    const sha256 = readInput(sha256Hex, request.headers[CHUNK_HASH_HEADER]);
    return firmwareStore.append(firmwareId, { offset, totalBytes, sha256, bytes: body });
  });
  app.post(REGISTRY_PATH.firmwareComplete, (request): Promise<RegistryFirmware> => {
    requireOwn(request, idOf(request));
    return firmwareStore.complete(idOf(request));
  });
  app.get(REGISTRY_PATH.firmware, async (request): Promise<FirmwareListReply> => ({
    firmware: await firmwareStore.list(readInput(firmwareQuery, request.query).productId ?? null),
  }));
  app.get(REGISTRY_PATH.firmwareOne, (request): Promise<FirmwareReply> => firmwareStore.get(idOf(request)));
  app.post(REGISTRY_PATH.firmwareState, (request): Promise<RegistryFirmware> => {
    const firmwareId = idOf(request);
    const { state } = readInput(firmwareStateRequest, request.body);
    requireRight(request, 'firmware', `put firmware ${state}`);
    requireOwn(request, firmwareId);
    return firmwareStore.setState(firmwareId, state);
  });

  function requireOwn(request: FastifyRequest, firmwareId: string): void {
    const uploader = firmwareStore.uploaderOf(firmwareId);
    if (uploader === stationOf(request) || callerOf(request).rights.includes('admin')) return;
    throw new RegistryError(
      'forbidden',
      `firmware ${firmwareId} was uploaded by station ${uploader}, not by ${stationOf(request)}`,
      'Have it done by that station, or by one with the right "admin".',
    );
  }
}

/** The position of a chunk, from `Content-Range: bytes 0-1048575/268435456`. */
function rangeOf(request: FastifyRequest, length: number): { offset: number; totalBytes: number } {
  const match = /^bytes (\d{1,12})-(\d{1,12})\/(\d{1,12})$/.exec(request.headers['content-range'] ?? '');
  const [first, last, totalBytes] = (match?.slice(1) ?? []).map(Number);
  if (first !== undefined && last !== undefined && totalBytes !== undefined && last - first + 1 === length)
    return { offset: first, totalBytes };
  throw new RegistryError(
    'bad-input',
    'Content-Range does not give the position of this chunk',
    'Send it as: bytes FIRST-LAST/SIZE',
  );
}
