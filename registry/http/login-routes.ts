import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { deviceName, productId } from '#shared/domain/triple.ts';
import { loginProofRequest, REGISTRY_PATH, type LoginProofReply } from '#shared/registry-api/index.ts';
import { takeLoginProof } from '../events/index.ts';
import type { Store } from '../store/index.ts';
import { stationOf } from './auth.ts';
import { readInput } from './errors.ts';

const params = z.object({ productId, deviceName });

/** Where a station says from which unit an identity logged in. */
export function addLoginRoutes(
  app: FastifyInstance,
  { store, now }: { readonly store: Store; readonly now: () => number },
): void {
  app.post(REGISTRY_PATH.deviceLogin, (request): LoginProofReply => {
    const name = readInput(params, request.params);
    const { chipId } = readInput(loginProofRequest, request.body);
    return takeLoginProof(store, stationOf(request), { ...name, chipId }, now());
  });
}
