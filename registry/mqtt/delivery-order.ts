import type { Client } from 'aedes';
import { Sequencer } from '#node-kit/async/index.ts';

/** Starts one delivery; calls `done` when its packet was written or the connection has ended. */
export type Delivery = (done: () => void) => void;

/**
 * Delivers packets to a client one after the other. aedes numbers packets when they are published, and drops a packet with a
 * lower number than the last delivered one as a duplicate. QoS 1 takes longer than QoS 0: a reply with QoS 1 would be dropped
 * after a later one with QoS 0.
 */
export function createDeliveryOrder(): (client: Client, deliver: Delivery) => void {
  const sequencers = new WeakMap<Client, Sequencer>();
  return (client, deliver) => {
    const sequencer = sequencers.get(client) ?? new Sequencer();
    sequencers.set(client, sequencer);
    void sequencer.run(() => new Promise<void>((resolve) => deliver(resolve)));
  };
}
