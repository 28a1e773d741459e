import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sha256Hex } from '#shared/domain/firmware.ts';
import { CHUNK_HASH_HEADER, MAX_CHUNK_BYTES } from '#shared/registry-api/index.ts';
import type { Chunk } from '../files/index.ts';
import { RegistryError } from '../registry-error.ts';
import { readInput } from './errors.ts';

/** Lets requests have a chunk of a file as their body. */
export function acceptChunks(app: FastifyInstance): void {
  app.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: MAX_CHUNK_BYTES },
    (_request, body, done) => done(null, body),
  );
}

/** The chunk of a request. Errors: `bad-input`. */
export function readChunk(request: FastifyRequest): Chunk {
  const { body, headers } = request;
  if (!Buffer.isBuffer(body)) {
    throw new RegistryError(
      'bad-input',
      'a chunk is sent as application/octet-stream',
      'Correct the request.',
    );
  }
  const sha256 = readInput(sha256Hex, headers[CHUNK_HASH_HEADER]);
  return { ...rangeOf(request, body.length), sha256, bytes: body };
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
