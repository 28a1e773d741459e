import type { Client } from 'aedes';

/** Starts one delivery; calls `done` when its packet was written or cannot be written any more. */
export type Delivery = (done: () => void) => void;

/**
 * Delivers to a client one packet after another. The broker numbers packets when they are published and drops, as read
 * before, one whose number is below that of the last delivered; it needs longer for QoS 1 than for QoS 0, so that an answer
 * with QoS 1 would be lost to a later one with QoS 0.
 */
export function createDeliveryOrder(): (client: Client, deliver: Delivery) => void {
  const last = new WeakMap<Client, Promise<void>>();
  return (client, deliver) => {
    const before = last.get(client) ?? Promise.resolve();
    last.set(
      client,
      before.then(() => new Promise<void>((resolve) => deliver(resolve))),
    );
  };
}
