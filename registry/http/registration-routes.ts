import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type ProductRegistrationReply, REGISTRY_PATH } from '#shared/registry-api/index.ts';
import { productId } from '#shared/domain/triple.ts';
import type { RegistrationService } from '../registration/index.ts';
import { RegistryError } from '../registry-error.ts';
import { hasRight } from '../stations/index.ts';
import type { Store } from '../store/index.ts';
import type { Vault } from '../vault.ts';
import { addDeviceRegistration } from './device-registration.ts';
import { readInput } from './errors.ts';
import { callerOf } from './require-station.ts';

export interface RegistrationRouteOptions {
  readonly store: Store;
  readonly vault: Vault;
  readonly registration: RegistrationService;
}

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
  addDeviceRegistration(app, options.registration);
}
