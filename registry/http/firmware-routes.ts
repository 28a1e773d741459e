import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  firmwareQuery,
  firmwareStateRequest,
  firmwareUploadRequest,
  REGISTRY_PATH,
  type FirmwareListReply,
  type FirmwareReply,
  type FirmwareUploadReply,
  type RegistryFirmware,
} from '#shared/registry-api/index.ts';
import type { FirmwareStore } from '../firmware/index.ts';
import { RegistryError } from '../registry-error.ts';
import { callerOf, requireRight, stationOf } from './require-station.ts';
import { readInput } from './errors.ts';
import { readChunk } from './read-chunk.ts';

const firmwareParams = z.object({ firmwareId: z.uuid() });

/** Firmware of stations: announce, upload in chunks, complete, list, put online (上线) and offline (下线). */
export function addFirmwareRoutes(app: FastifyInstance, firmwareStore: FirmwareStore): void {
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
    return firmwareStore.append(firmwareId, readChunk(request));
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
