import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type ProductRegistrationReply,
  REGISTRATION_PATH,
  REGISTRY_PATH,
} from '#shared/registry-api/index.ts';
import { productId } from '#shared/domain/triple.ts';
import { type RegistryLog, randomId } from '../platform.ts';
import type { RefusalLog } from '../refusal-log.ts';
import { RegistryError } from '../registry-error.ts';
import {
  createRegistrationService,
  messageOf,
  REGISTRATION_CODES,
  type RegistrationRefusal,
  type RegistrationService,
} from '../registration/index.ts';
import { hasRight } from '../stations/index.ts';
import type { Store } from '../store/index.ts';
import type { Vault } from '../vault.ts';
import { readInput } from './errors.ts';
import { callerOf } from './require-station.ts';

export interface RegistrationRouteOptions {
  readonly store: Store;
  readonly vault: Vault;
  readonly refusals: RefusalLog;
  readonly nowMs: () => number;
  readonly log: RegistryLog;
}

/** Longer than every real request. */
const BODY_LIMIT_BYTES = 4096;
const productParams = z.object({ productId });

/** Dynamic registration: the two paths of devices, and what a station reads for them. */
export function addRegistrationRoutes(app: FastifyInstance, options: RegistrationRouteOptions): void {
  const { store, vault } = options;
  app.get(REGISTRY_PATH.productRegistration, (request, reply): ProductRegistrationReply => {
    const params = readInput(productParams, request.params);
    const caller = callerOf(request);
    const hasLease = store.leases.list(caller.station).some((lease) => lease.productId === params.productId);
    if (!hasLease && !hasRight(caller, 'admin'))
      throw new RegistryError(
        'forbidden',
        `station ${caller.station} has no lease of ${params.productId}`,
        'Lease triples of the product first.',
      );
    // No cache may store secrets.
    void reply.header('cache-control', 'no-store');
    const found = store.registration.ofProduct(params.productId);
    return {
      registerType: found?.registerType ?? 0,
      productSecret:
        found === null || found.sealedSecret === null
          ? null
          : vault.openProductSecret(params.productId, found.sealedSecret),
    };
  });
  const service = createRegistrationService(options);
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
