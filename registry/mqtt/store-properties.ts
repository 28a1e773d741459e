import type { Store } from '../store/index.ts';
import type { MessageResult } from './handle-message.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Limit of one device's properties. */
const MAX_PROPERTIES_BYTES = 64 * 1024;

/** Stores reported properties and firmware version. Returns the merged properties; null when they are too large. */
export function storeProperties(store: Store, deviceId: number, message: MessageResult): Properties | null {
  const current = JSON.parse(store.presence.properties(deviceId)) as Properties;
  if (message.firmwareVersion !== null) store.presence.setFirmwareVersion(deviceId, message.firmwareVersion);
  if (message.properties === null) return current;
  const merged = { ...current, ...message.properties };
  const json = JSON.stringify(merged);
  if (Buffer.byteLength(json) > MAX_PROPERTIES_BYTES) return null;
  store.presence.setProperties(deviceId, json);
  return merged;
}
