import type { ConnectionParameters, Radio } from './radio.ts';

/** A connection of a controller, as this end has it. */
export interface Connection {
  readonly peer: Radio;
  peerHandle: number;
  parameters: ConnectionParameters;
  /** Packets that wait for an earlier one that is sent again. */
  readonly waiting: (() => void)[];
  /** Timer of the supervision timeout, after which this end reports that the peer is gone. */
  broken: NodeJS.Timeout | null;
}

/** Transmits after the packets before it, and after its own delay. */
export function inOrder(waiting: (() => void)[], delayMs: number, transmit: () => void): void {
  if (waiting.length === 0 && delayMs <= 0) return transmit();
  const start = (): void => {
    setTimeout(() => {
      transmit();
      waiting.shift();
      waiting[0]?.();
    }, delayMs).unref();
  };
  waiting.push(start);
  if (waiting.length === 1) start();
}
