import { createReadStream } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { downloadQuery, REGISTRY_PATH } from '#shared/registry-api/index.ts';
import { chooseRange, type DownloadUrlSigner, type FirmwareStore } from '../firmware/index.ts';
import { RegistryError } from '../registry-error.ts';

const params = z.object({ firmwareId: z.uuid() });

export interface FirmwareFileOptions {
  readonly firmwareStore: FirmwareStore;
  readonly urlSigner: DownloadUrlSigner;
  readonly nowMs: () => number;
}

/** True for a signed download, which needs no station token. */
export function isSignedDownload(request: FastifyRequest): boolean {
  const isFile = request.routeOptions.url === REGISTRY_PATH.firmwareFile;
  return isFile && new URL(request.url, 'http://registry').searchParams.has('signature');
}

/**
 * Downloads of firmware with ranges (RFC 9110 section 14). Devices use signed addresses while the firmware is online; stations
 * use their token as soon as it is complete. A device learns why it gets nothing from the status alone: 403 for an address that has
 * expired or was changed, 404 for firmware that was taken offline, as from the cloud's object storage.
 */
export function addFirmwareFile(app: FastifyInstance, options: FirmwareFileOptions): void {
  const { firmwareStore, urlSigner, nowMs } = options;
  app.route({
    method: ['GET', 'HEAD'],
    url: REGISTRY_PATH.firmwareFile,
    handler: (request, reply) => {
      const firmwareId = params.safeParse(request.params).data?.firmwareId ?? '';
      const isSigned = isSignedDownload(request);
      if (isSigned) requireSignature(request, firmwareId);
      const file = firmwareStore.file(firmwareId);
      if (file === null || (isSigned && file.row.state !== 'online')) {
        throw new RegistryError(
          'not-found',
          'there is no such firmware to download',
          'Ask for a new address.',
        );
      }
      return sendFile(request, reply, file.path, file.row);
    },
  });

  function requireSignature(request: FastifyRequest, firmwareId: string): void {
    const query = downloadQuery.safeParse(request.query).data;
    if (query !== undefined && urlSigner.verify(firmwareId, query.expires, query.signature, nowMs())) return;
    throw new RegistryError(
      'forbidden',
      'this download URL is not valid or has expired',
      'Ask for a new address.',
    );
  }
}

function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  row: { readonly sha256: string; readonly sizeBytes: number; readonly fileName: string },
): FastifyReply {
  const etag = `"${row.sha256}"`;
  void reply.headers({
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-transform',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(row.fileName)}`,
    etag,
    // RFC 9530: the hash of the whole, also for a range.
    'repr-digest': `sha-256=:${Buffer.from(row.sha256, 'hex').toString('base64')}:`,
    'x-content-type-options': 'nosniff',
  });
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  const range = chooseRange(
    request.headers.range,
    [request.headers['if-range']].flat()[0],
    etag,
    row.sizeBytes,
  );
  if (range === 'unsatisfiable')
    return reply.code(416).header('content-range', `bytes */${row.sizeBytes}`).send();
  const { first, last } = range === 'whole' ? { first: 0, last: row.sizeBytes - 1 } : range;
  void reply.type('application/octet-stream').header('content-length', last - first + 1);
  if (range !== 'whole')
    void reply.code(206).header('content-range', `bytes ${first}-${last}/${row.sizeBytes}`);
  if (request.method === 'HEAD') return reply.send();
  return reply.send(createReadStream(path, { start: first, end: last, highWaterMark: 256 * 1024 }));
}

function matches(header: string | undefined, etag: string): boolean {
  return header !== undefined && header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}
