import { open } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Session } from '#shared/rpc/index.ts';

/** A file that the station has made for somebody to take along. */
export interface OutgoingFile {
  readonly path: string;
  /** What the browser shall call it. */
  readonly name: string;
  /** Its media type. */
  readonly type: string;
}

/** By its id; `null` when there is none, or when this person may not have it: from outside the two are the same. */
export type FindFile = (fileId: string, session: Session) => OutgoingFile | null;

/** `GET /files/<fileId>`: the file as a download, streamed. Pages know ids, never paths. */
export function serveFiles(
  app: FastifyInstance,
  find: FindFile,
  sessionOf: (request: FastifyRequest) => Session,
): void {
  app.get<{ Params: { fileId: string } }>('/files/:fileId', async (request, reply) => {
    const file = find(request.params.fileId, sessionOf(request));
    return file === null ? reply.code(404).send() : send(reply, file);
  });
}

async function send(reply: FastifyReply, file: OutgoingFile): Promise<FastifyReply> {
  let handle;
  try {
    handle = await open(file.path);
  } catch (error) {
    // Somebody tidied up behind the station.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return reply.code(404).send();
    throw error;
  }
  const { size } = await handle.stat();
  return reply
    .header('content-type', file.type)
    .header('content-length', size)
    .header('content-disposition', asDownload(file.name))
    .send(handle.createReadStream({ end: Math.max(0, size - 1) }));
}

/** RFC 6266: the name in UTF-8 for every browser of this century, and something harmless for the others. */
function asDownload(name: string): string {
  const plain = name.replace(/[^\w.-]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
