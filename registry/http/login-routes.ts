import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { deviceName, productId } from '#shared/domain/triple.ts';
import { loginProofRequest, REGISTRY_PATH, type LoginProofReply } from '#shared/registry-api/index.ts';
import { acceptLoginProof } from '../events/index.ts';
import type { Vault } from '../vault.ts';
import type { Store } from '../store/index.ts';
import { callerOf } from './require-station.ts';
import { readInput } from './errors.ts';

const params = z.object({ productId, deviceName });

/** Reports of stations from which unit an identity logged in. */
export function addLoginRoutes(
  app: FastifyInstance,
  { store, vault, nowMs }: { readonly store: Store; readonly vault: Vault; readonly nowMs: () => number },
): void {
  app.post(REGISTRY_PATH.deviceLogin, (request): LoginProofReply => {
    const name = readInput(params, request.params);
    const proof = readInput(loginProofRequest, request.body);
    return acceptLoginProof({ store, vault, nowMs }, callerOf(request), { ...name, ...proof });
  });
}
