import type { Store } from '../store/index.ts';
import type { MessageResult } from './handle-message.ts';

type Properties = Readonly<Record<string, unknown>>;

/** More than any thing model needs; keeps one device from filling the registry. */
const MAX_PROPERTIES_BYTES = 64 * 1024;

/** Remembers what a device said of itself. Gives its properties as they are now; null when they grew too large. */
export function remember(store: Store, deviceId: number, answer: MessageResult): Properties | null {
  const current = JSON.parse(store.presence.properties(deviceId)) as Properties;
  if (answer.firmwareVersion !== null) store.presence.setFirmwareVersion(deviceId, answer.firmwareVersion);
  if (answer.properties === null) return current;
  const merged = { ...current, ...answer.properties };
  const json = JSON.stringify(merged);
  if (Buffer.byteLength(json) > MAX_PROPERTIES_BYTES) return null;
  store.presence.setProperties(deviceId, json);
  return merged;
}
