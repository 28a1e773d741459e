import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { REGISTRATION_PATH } from '#shared/registry-api/index.ts';
import { randomId } from '../platform.ts';
import {
  messageOf,
  REGISTRATION_CODES,
  type RegistrationRefusal,
  type RegistrationService,
} from '../registration/index.ts';

/** Longer than every real request. */
const BODY_LIMIT_BYTES = 4096;

/** The two paths of dynamic registration, which devices use without the token of a station. */
export function addDeviceRegistration(app: FastifyInstance, service: RegistrationService): void {
  // In a scope of its own: the signature is over the bytes of the body.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES },
      (_request, body, done) => done(null, body),
    );
    scope.post(REGISTRATION_PATH.current, (request, reply) => current(service, request, reply));
    scope.post(REGISTRATION_PATH.legacy, (request, reply) => legacy(service, request, reply));
  });
}

/** Answers with status 200 and an error in the body, as Tencent's gateway. */
function current(service: RegistrationService, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const header = (name: string): string => String(request.headers[name] ?? '');
  const result = service.register(
    {
      host: header('host'),
      algorithm: header('x-tc-algorithm'),
      timestamp: header('x-tc-timestamp'),
      nonce: header('x-tc-nonce'),
      signature: header('x-tc-signature'),
      body: bodyOf(request),
    },
    REGISTRATION_PATH.current,
    request.ip,
  );
  const RequestId = randomId();
  return reply.header('cache-control', 'no-store').send({
    Response: result.ok
      ? { Len: result.payload.length, Payload: result.payload.encrypted, RequestId }
      : { Error: errorOf(result.refusal), RequestId },
  });
}

function errorOf(refusal: RegistrationRefusal): { readonly Code: string; readonly Message: string } {
  return { Code: String(REGISTRATION_CODES[refusal]), Message: messageOf(refusal) };
}

function legacy(service: RegistrationService, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const result = service.registerLegacy(bodyOf(request), request.ip);
  return reply.header('cache-control', 'no-store').send(
    result.ok
      ? { code: 0, message: '', len: result.payload.length, payload: result.payload.encrypted }
      : {
          code: REGISTRATION_CODES[result.refusal],
          message: messageOf(result.refusal),
          len: 0,
          payload: '',
        },
  );
}

function bodyOf({ body }: FastifyRequest): Uint8Array {
  return Buffer.isBuffer(body) ? body : new Uint8Array();
}
