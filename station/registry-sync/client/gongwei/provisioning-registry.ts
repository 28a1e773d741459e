import {
  bindTokenReply,
  bindTokenView,
  deviceEventsReply,
  fillPath,
  ownerReply,
  REGISTRY_PATH,
  unbindReply,
} from '#shared/registry-api/index.ts';
import type { ProvisioningRegistry } from '../registry-client.ts';
import { call, callOrNull, type Endpoint } from './request.ts';

export function createProvisioningRegistry(endpoint: Endpoint): ProvisioningRegistry {
  return {
    makeBindToken: (request, signal) =>
      call(endpoint, {
        method: 'POST',
        path: REGISTRY_PATH.bindTokens,
        body: request,
        reply: bindTokenReply,
        signal,
      }),
    readBindToken: (tokenId, signal) =>
      call(endpoint, {
        method: 'GET',
        path: fillPath(REGISTRY_PATH.bindToken, { tokenId }),
        reply: bindTokenView,
        signal,
      }),
    bindDevice: (tokenId, owner, key, signal) =>
      call(endpoint, {
        method: 'POST',
        path: fillPath(REGISTRY_PATH.bindTokenBind, { tokenId }),
        body: { owner, key },
        reply: bindTokenView,
        signal,
      }),
    withdrawBindToken: (tokenId, signal) =>
      call(endpoint, {
        method: 'POST',
        path: fillPath(REGISTRY_PATH.bindTokenWithdraw, { tokenId }),
        body: {},
        reply: bindTokenView,
        signal,
      }),
    readOwner: (productId, deviceName, signal) =>
      callOrNull(endpoint, {
        method: 'GET',
        path: fillPath(REGISTRY_PATH.deviceOwner, { productId, deviceName }),
        reply: ownerReply,
        signal,
      }),
    unbindDevice: (productId, deviceName, { reason, by, owner }, signal) =>
      call(endpoint, {
        method: 'POST',
        path: fillPath(REGISTRY_PATH.deviceUnbind, { productId, deviceName }),
        body: { reason, by, ...(owner === null ? {} : { owner }) },
        reply: unbindReply,
        signal,
      }),
    readDeviceEvents: (productId, deviceName, since, signal) =>
      callOrNull(endpoint, {
        method: 'GET',
        path: `${fillPath(REGISTRY_PATH.deviceEvents, { productId, deviceName })}?since=${since}`,
        reply: deviceEventsReply,
        signal,
      }),
  };
}
