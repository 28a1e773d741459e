import {
  CHUNK_HASH_HEADER,
  fillPath,
  firmwareListReply,
  firmwareUploadReply,
  registryFirmware,
  REGISTRY_PATH,
} from '#shared/registry-api/index.ts';
import type { FirmwareRegistry } from '../registry-client.ts';
import { call, type Endpoint } from './request.ts';

/** A chunk over a slow network: 1 MiB at 256 kbit/s. */
const CHUNK_TIMEOUT_MS = 60_000;
/** The registry reads up to 1 GiB from its disk before it answers. */
const COMPLETE_TIMEOUT_MS = 180_000;

export function createFirmwareRegistry(endpoint: Endpoint): FirmwareRegistry {
  return {
    begin: (request, signal) =>
      call(endpoint, {
        method: 'POST',
        path: REGISTRY_PATH.firmwareUploads,
        body: request,
        reply: firmwareUploadReply,
        signal,
      }),
    send: (firmwareId, { offset, totalBytes, bytes, sha256 }, signal) =>
      call(endpoint, {
        method: 'PUT',
        path: fillPath(REGISTRY_PATH.firmwareUpload, { firmwareId }),
        headers: {
          'content-range': `bytes ${offset}-${offset + bytes.length - 1}/${totalBytes}`,
          [CHUNK_HASH_HEADER]: sha256,
        },
        body: bytes,
        reply: firmwareUploadReply,
        signal,
        timeoutMs: Math.max(endpoint.timeoutMs, CHUNK_TIMEOUT_MS),
      }),
    complete: (firmwareId, signal) =>
      call(endpoint, {
        method: 'POST',
        path: fillPath(REGISTRY_PATH.firmwareComplete, { firmwareId }),
        reply: registryFirmware,
        signal,
        timeoutMs: Math.max(endpoint.timeoutMs, COMPLETE_TIMEOUT_MS),
      }),
    setState: (firmwareId, state, signal) =>
      call(endpoint, {
        method: 'POST',
        path: fillPath(REGISTRY_PATH.firmwareState, { firmwareId }),
        body: { state },
        reply: registryFirmware,
        signal,
      }),
    async list(productId, signal) {
      const query = productId === null ? '' : `?productId=${encodeURIComponent(productId)}`;
      const path = REGISTRY_PATH.firmware + query;
      const { firmware } = await call(endpoint, { method: 'GET', path, reply: firmwareListReply, signal });
      return firmware;
    },
  };
}
