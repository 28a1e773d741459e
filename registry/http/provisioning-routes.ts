import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { deviceName, productId } from '#shared/domain/triple.ts';
import {
  bindRequest,
  bindTokenRequest,
  deviceEventsQuery,
  REGISTRY_PATH,
  unbindRequest,
  type BindTokenReply,
  type BindTokenView,
  type DeviceEventsReply,
  type OwnerReply,
  type UnbindReply,
} from '#shared/registry-api/index.ts';
import type { OwnerNotice } from '../mqtt/index.ts';
import {
  bindDevice,
  makeToken,
  ownersOf,
  readToken,
  releaseDevice,
  withdrawToken,
} from '../provisioning/index.ts';
import { RegistryError } from '../registry-error.ts';
import type { Store } from '../store/index.ts';
import type { Vault } from '../vault.ts';
import { readInput } from './errors.ts';
import { callerOf } from './require-station.ts';

const tokenParams = z.object({ tokenId: z.uuid() });
const deviceParams = z.object({ productId, deviceName });

/** Tells a device about its owner; false when it is not connected. */
export type TellOwner = (
  device: { readonly productId: string; readonly deviceName: string },
  notice: OwnerNotice,
) => boolean;

/** What the routes use. */
interface ProvisioningRouteOptions {
  readonly store: Store;
  readonly vault: Vault;
  readonly nowMs: () => number;
  readonly tell: TellOwner;
}

/** Provisioning tokens, owners of devices, and events of devices. */
export function addProvisioningRoutes(app: FastifyInstance, options: ProvisioningRouteOptions): void {
  const { store, nowMs, tell } = options;
  app.post(REGISTRY_PATH.bindTokens, (request, reply): BindTokenReply => {
    // No cache may store a token.
    void reply.header('cache-control', 'no-store');
    return makeToken(options, callerOf(request), readInput(bindTokenRequest, request.body));
  });
  app.get(REGISTRY_PATH.bindToken, (request): BindTokenView => {
    const { tokenId } = readInput(tokenParams, request.params);
    return readToken(options, callerOf(request), tokenId);
  });
  app.post(REGISTRY_PATH.bindTokenBind, (request): BindTokenView => {
    const { tokenId } = readInput(tokenParams, request.params);
    const body = readInput(bindRequest, request.body);
    const { view, deviceToTell } = bindDevice(options, callerOf(request), tokenId, body);
    if (deviceToTell !== null && view.reportedBy !== null) tell(view.reportedBy, 'bind_device');
    return view;
  });
  app.post(REGISTRY_PATH.bindTokenWithdraw, (request): BindTokenView => {
    const { tokenId } = readInput(tokenParams, request.params);
    return withdrawToken(options, callerOf(request), tokenId);
  });
  app.get(REGISTRY_PATH.deviceOwner, (request): OwnerReply => {
    const device = readInput(deviceParams, request.params);
    return ownersOf(store, device.productId, device.deviceName);
  });
  app.post(REGISTRY_PATH.deviceUnbind, (request): UnbindReply => {
    const device = readInput(deviceParams, request.params);
    const body = readInput(unbindRequest, request.body);
    const { deviceId, released } = releaseDevice(options, callerOf(request), device, body);
    if (!released) return { released, told: !store.owners.isUntold(deviceId) };
    const told = tell(device, 'unbind_device');
    if (told) store.owners.setTold(deviceId);
    return { released, told };
  });
  app.get(REGISTRY_PATH.deviceEvents, (request): DeviceEventsReply => {
    const device = readInput(deviceParams, request.params);
    const { since } = readInput(deviceEventsQuery, request.query);
    const facts = store.devices.facts(device.productId, device.deviceName);
    if (facts === null)
      throw new RegistryError(
        'not-found',
        `device ${device.productId}/${device.deviceName} is not known`,
        'Check the name.',
      );
    return { ...store.deviceEvents.since(facts.id, since), nowMs: nowMs() };
  });
}
