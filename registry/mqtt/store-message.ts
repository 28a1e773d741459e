import type { RefusalReason } from '#shared/domain/mqtt-refusal.ts';
import { releaseByDevice, reportToken } from '../provisioning/index.ts';
import type { Store } from '../store/index.ts';
import type { Vault } from '../vault.ts';
import type { MessageResult } from './handle-message.ts';

type Properties = Readonly<Record<string, unknown>>;

/** The reply to a stored message, and why it was refused. */
interface Stored {
  readonly refused: { readonly reason: RefusalReason; readonly detail: string } | null;
  readonly reply: Readonly<Record<string, unknown>> | null;
}

interface StoreMessageOptions {
  readonly store: Store;
  readonly vault: Vault;
  readonly nowMs: () => number;
}

/** Limit of one device's properties. */
const MAX_PROPERTIES_BYTES = 64 * 1024;

/** Stores what a message changes: properties, firmware version, events, the token or the binding of the device. */
export function storeMessage(
  options: StoreMessageOptions,
  device: { readonly id: number; readonly productId: string; readonly deviceName: string },
  message: MessageResult,
): Stored {
  const { store, nowMs } = options;
  const { id: deviceId, productId, deviceName } = device;
  store.deviceEvents.add(deviceId, message.events, nowMs());
  const { binding } = message;
  if (binding?.act === 'unbind') releaseByDevice(options, deviceId, `${productId}/${deviceName}`);
  if (binding?.act === 'report') {
    const reason = reportToken(options, deviceId, productId, binding.token);
    // The detail is the method: the token is a secret.
    if (reason !== null)
      return { refused: { reason, detail: 'app_bind_token' }, reply: message.refuseBinding(reason) };
  }
  const properties = storeProperties(store, deviceId, message);
  if (properties === null)
    return { refused: { reason: 'too-many-properties', detail: 'report' }, reply: message.tooLarge() };
  return { refused: message.refused, reply: message.reply(properties) };
}

/** Returns the merged properties; null when they are too large. */
function storeProperties(store: Store, deviceId: number, message: MessageResult): Properties | null {
  const current = JSON.parse(store.presence.properties(deviceId)) as Properties;
  if (message.firmwareVersion !== null) store.presence.setFirmwareVersion(deviceId, message.firmwareVersion);
  if (message.properties === null) return current;
  const merged = { ...current, ...message.properties };
  const json = JSON.stringify(merged);
  if (Buffer.byteLength(json) > MAX_PROPERTIES_BYTES) return null;
  store.presence.setProperties(deviceId, json);
  return merged;
}
