import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Fault } from '#shared/domain/fault.ts';
import type { Upload } from '#shared/files/index.ts';
import type { Actor, Role } from '#shared/rpc/index.ts';

/** Stores an upload while it is received. Faults become the response. */
export type ReceiveUpload = (
  name: string,
  sizeBytes: number,
  source: AsyncIterable<Uint8Array>,
  by: Actor<Role>,
  signal: AbortSignal,
) => Promise<Upload>;

/**
 * `POST /files?name=…` with the file as `application/octet-stream`. The response is `{fileId, name, sizeBytes}`, or a fault as
 * `{code, message, hint}`. The gate has checked origin, session and length.
 */
export function serveUploads(
  app: FastifyInstance,
  receive: ReceiveUpload,
  actorOf: (request: FastifyRequest) => Actor<Role>,
): void {
  // The handler reads the stream itself; it must not be collected in memory before.
  app.addContentTypeParser('application/octet-stream', (_request, _body, done) => done(null));
  app.post('/files', async (request, reply) => {
    const stop = new AbortController();
    request.raw.once('close', () => {
      if (!request.raw.complete) stop.abort(new Fault('disconnected', 'the page went away'));
    });
    const { name = '' } = request.query as { name?: string };
    const sizeBytes = Number(request.headers['content-length']);
    try {
      return await receive(name, sizeBytes, request.raw, actorOf(request), stop.signal);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // The rest of the file is not read.
      void reply.header('connection', 'close').code(STATUS[error.code] ?? 400);
      return { code: error.code, message: error.message, hint: error.hint };
    }
  });
}

const STATUS: Readonly<Record<string, number>> = { forbidden: 403, 'disk-full': 507 };
