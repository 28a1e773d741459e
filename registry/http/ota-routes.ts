import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { deviceName, productId } from '#shared/domain/triple.ts';
import {
  otaCancelRequest,
  otaRequest,
  REGISTRY_PATH,
  type OtaReply,
  type OtaUpdate,
} from '#shared/registry-api/index.ts';
import type { UpdatedDevice, Updates } from '../ota/index.ts';
import { RegistryError } from '../registry-error.ts';
import type { Store } from '../store/index.ts';
import { readInput } from './errors.ts';
import { requireRight, stationOf } from './require-station.ts';

const deviceParams = z.object({ productId, deviceName });

/** Updates of one device: ask for one, read them, cancel one. For devices of other stations the right "desk" is needed. */
export function addOtaRoutes(
  app: FastifyInstance,
  { store, updates }: { readonly store: Store; readonly updates: Updates },
): void {
  app.post(REGISTRY_PATH.deviceOta, (request): OtaUpdate => {
    const device = ownDevice(request, 'update');
    return updates.request(device, stationOf(request), readInput(otaRequest, request.body));
  });
  app.get(REGISTRY_PATH.deviceOta, (request): OtaReply => {
    const device = ownDevice(request, 'see the updates of');
    const view = store.devices.view(device.productId, device.deviceName);
    return {
      connection: view?.connection ?? 'never-seen',
      firmwareVersion: view?.firmwareVersion ?? null,
      updates: updates.list(device),
    };
  });
  app.post(REGISTRY_PATH.deviceOtaCancel, (request): OtaUpdate => {
    const device = ownDevice(request, 'cancel updates of');
    return updates.cancel(device, stationOf(request), readInput(otaCancelRequest, request.body).key);
  });

  function ownDevice(request: FastifyRequest, action: string): UpdatedDevice {
    const { productId: pid, deviceName: name } = readInput(deviceParams, request.params);
    const facts = store.devices.facts(pid, name);
    if (facts === null)
      throw new RegistryError('not-found', `device ${pid}/${name} is not known`, 'Check the name.');
    if (facts.leasedTo !== stationOf(request))
      requireRight(request, 'desk', `${action} ${pid}/${name}, which is not its own`);
    return { id: facts.id, productId: pid, deviceName: name };
  }
}
