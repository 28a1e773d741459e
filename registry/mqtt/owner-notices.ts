import { randomId } from '../platform.ts';

/** A message of the cloud about the owner of a device. */
export type OwnerNotice = 'bind_device' | 'unbind_device';

/**
 * Tells a device that it was bound or released; false when it is not connected or not subscribed. Source of `unbind_device`:
 * Tencent's public page 1081/34916; of `bind_device`: Tencent's Java SDK.
 *
 * @param link to its topic `service`
 */
export function sendOwnerNotice(
  link: { send(message: Readonly<Record<string, unknown>>): void } | null,
  method: OwnerNotice,
  nowMs: number,
): boolean {
  link?.send({ method, clientToken: `notice-${randomId()}`, timestamp: nowMs });
  return link !== null;
}
