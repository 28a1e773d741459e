import { fillPath, otaReply, otaUpdate, REGISTRY_PATH } from '#shared/registry-api/index.ts';
import type { RegistryClient } from '../registry-client.ts';
import { call, type Endpoint } from './request.ts';

/** The calls about updates of devices. */
export function createUpdateCalls(
  endpoint: Endpoint,
): Pick<RegistryClient, 'requestUpdate' | 'updates' | 'cancelUpdate'> {
  return {
    requestUpdate: (productId, deviceName, body, signal) =>
      call(endpoint, {
        method: 'POST',
        path: fillPath(REGISTRY_PATH.deviceOta, { productId, deviceName }),
        body,
        reply: otaUpdate,
        signal,
      }),
    updates: (productId, deviceName, signal) =>
      call(endpoint, {
        method: 'GET',
        path: fillPath(REGISTRY_PATH.deviceOta, { productId, deviceName }),
        reply: otaReply,
        signal,
      }),
    cancelUpdate: (productId, deviceName, key, signal) =>
      call(endpoint, {
        method: 'POST',
        path: fillPath(REGISTRY_PATH.deviceOtaCancel, { productId, deviceName }),
        body: { key },
        reply: otaUpdate,
        signal,
      }),
  };
}
