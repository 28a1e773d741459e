import type { Client } from 'aedes';
import { Sequencer } from '#node-kit/async/index.ts';

/** Starts one delivery; calls `done` when its packet was written or cannot be written any more. */
export type Delivery = (done: () => void) => void;

/**
 * Delivers to a client one packet after another. The broker numbers packets when they are published and drops, as read
 * before, one whose number is below that of the last delivered; it needs longer for QoS 1 than for QoS 0, so that an answer
 * with QoS 1 would be lost to a later one with QoS 0.
 */
export function createDeliveryOrder(): (client: Client, deliver: Delivery) => void {
  const sequencers = new WeakMap<Client, Sequencer>();
  return (client, deliver) => {
    const sequencer = sequencers.get(client) ?? new Sequencer();
    sequencers.set(client, sequencer);
    void sequencer.run(() => new Promise<void>((resolve) => deliver(resolve)));
  };
}
