import type { Client } from 'aedes';

/** Starts one delivery; calls `done` when its packet was written or the connection has ended. */
export type Delivery = (done: () => void) => void;

/**
 * Delivers packets to a client one after the other. aedes numbers packets when they are published, and drops a packet with a
 * lower number than the last delivered one as a duplicate. QoS 1 takes longer than QoS 0: a reply with QoS 1 would be dropped
 * after a later one with QoS 0.
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
