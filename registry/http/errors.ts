import type { FastifyInstance, FastifyReply } from 'fastify';
import type { z } from 'zod';
import { type RegistryLog, randomId } from '../platform.ts';
import { RegistryError } from '../registry-error.ts';
import { diskError } from '../store/index.ts';

/** Turns every error into one of the closed list. An unexpected error is logged, and the reply contains only its correlation id. */
export function addErrorHandlers(app: FastifyInstance, log: RegistryLog): void {
  app.setNotFoundHandler((request, reply) =>
    send(
      reply,
      new RegistryError(
        'not-found',
        `there is no ${request.method} ${pathOf(request.url)}`,
        'Check the URL.',
      ),
    ),
  );
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof RegistryError) return send(reply, logged(error, log));
    const expected = diskError(error) ?? fromFastify(error);
    if (expected !== null) return send(reply, logged(expected, log));
    const id = randomId();
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log({
      level: 'error',
      event: 'http.failed',
      details: { id, method: request.method, path: pathOf(request.url), cause },
    });
    return send(
      reply,
      new RegistryError('internal', `the registry failed; its log says why under ${id}`, 'Try again later.', {
        id,
      }),
    );
  });
}

/** Parses `value` with `schema`. Errors: `bad-input` with the first wrong member. */
export function readInput<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where =
    issue === undefined || issue.path.length === 0 ? 'the request' : issue.path.map(String).join('.');
  throw new RegistryError('bad-input', `${where}: ${issue?.message ?? 'is wrong'}`, 'Correct the request.');
}

function send(reply: FastifyReply, error: RegistryError): FastifyReply {
  return reply.status(error.status).send(error.body);
}

/** Logs errors of the disk for the administrator of the registry. */
function logged(error: RegistryError, log: RegistryLog): RegistryError {
  const { code, message } = error.body;
  if (code === 'storage-lost' || code === 'disk-full')
    log({ level: 'error', event: `registry.${code}`, details: { message } });
  return error;
}

function fromFastify(error: unknown): RegistryError | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null;
  const status = error.statusCode;
  if (status === 413) return new RegistryError('too-large', 'the request is too large', 'Send less at once.');
  if (status === 503) return new RegistryError('busy', 'the registry is closing', 'Try again later.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new RegistryError(
      'bad-input',
      'the request is not readable JSON',
      'Send JSON with its content type.',
    );
  }
  return null;
}

function pathOf(url: string): string {
  return (url.split('?')[0] ?? '').slice(0, 200);
}
