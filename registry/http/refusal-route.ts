import type { FastifyInstance } from 'fastify';
import {
  MAX_REFUSALS,
  REGISTRY_PATH,
  refusalsQuery,
  type RefusalsReply,
} from '#shared/registry-api/index.ts';
import type { RefusalLog } from '../refusal-log.ts';
import type { Store } from '../store/index.ts';
import { callerOf } from './require-station.ts';
import { readInput } from './errors.ts';

/** What the broker refused: one device, or the station's devices and unknown clients. */
export function addRefusalRoute(
  app: FastifyInstance,
  { store, refusals }: { readonly store: Store; readonly refusals: RefusalLog },
): void {
  app.get(REGISTRY_PATH.refusals, (request): RefusalsReply => {
    const { productId, deviceName, since } = readInput(refusalsQuery, request.query);
    const { station, token, rights } = callerOf(request);
    refusals.flush();
    if (productId !== undefined && deviceName !== undefined) {
      const deviceId = store.devices.facts(productId, deviceName)?.id ?? null;
      if (deviceId === null) return { refusals: [], refused: 0 };
      return store.refusals.list({ deviceId, station: null, sinceMs: since }, MAX_REFUSALS);
    }
    const seesAll = token === 'shared' || rights.includes('admin');
    const of = { deviceId: null, station: seesAll ? null : station, sinceMs: since };
    return store.refusals.list(of, MAX_REFUSALS);
  });
}
