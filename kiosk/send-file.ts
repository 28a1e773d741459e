import { open } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasErrno } from '#node-kit/files/index.ts';
import { headersOfFile, type OutgoingFile } from '#shared/contract/station-files.ts';
import type { Actor, Role } from '#shared/rpc/index.ts';

/** Finds a file by its id; `null` when there is none or this user may not have it. The response is the same for both. */
export type FindFile = (fileId: string, by: Actor<Role>) => OutgoingFile | null;

/** `GET /files/<fileId>`: streams the file as a download; 404 without a session. Pages know ids, never paths. */
export function serveFiles(
  app: FastifyInstance,
  find: FindFile,
  actorOf: (request: FastifyRequest) => Actor<Role> | null,
): void {
  app.get<{ Params: { fileId: string } }>('/files/:fileId', async (request, reply) => {
    const by = actorOf(request);
    const file = by === null ? null : find(request.params.fileId, by);
    return file === null ? reply.code(404).send() : send(reply, file);
  });
}

async function send(reply: FastifyReply, file: OutgoingFile): Promise<FastifyReply> {
  let handle;
  try {
    handle = await open(file.path);
  } catch (error) {
    // The file was removed from the disk.
    if (hasErrno(error, 'ENOENT')) return reply.code(404).send();
    throw error;
  }
  const { size } = await handle.stat();
  return reply
    .headers(headersOfFile(file, size))
    .send(handle.createReadStream({ end: Math.max(0, size - 1) }));
}
