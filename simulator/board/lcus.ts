import { Relays, type BoardFirmware, type Wiring } from './wiring.ts';

const START = 0xa0;
const FRAME_BYTES = 4;
const OPERATION = { off: 0, on: 1, offTold: 2, onTold: 3, toggleTold: 4, query: 5 } as const;

/**
 * A USB relay board of the LCUS kind: `A0`, channel from 1, operation, and the sum of the three. 0 and 1 switch off and on
 * and say nothing; 2, 3 and 4 switch off, on and over and say the state; 5 asks for it. What is told is a frame with
 * operation 0 or 1. Source: the seller's leaflet of LCUS-1 to LCUS-8. It has no inputs.
 */
export function lcusFirmware(wiring: Wiring, say: (bytes: Uint8Array) => void): BoardFirmware {
  const relays = new Relays(wiring);
  let frame: number[] = [];

  function obey(channel: number, operation: number): void {
    const closed = relays.isClosed(channel);
    if (closed === null || operation > OPERATION.query) return;
    const wanted =
      operation === OPERATION.on || operation === OPERATION.onTold
        ? true
        : operation === OPERATION.off || operation === OPERATION.offTold
          ? false
          : operation === OPERATION.toggleTold
            ? !closed
            : closed;
    relays.set(channel, wanted);
    if (operation >= OPERATION.offTold) say(lcusFrame(channel + 1, Number(wanted)));
  }

  return {
    receive(bytes) {
      for (const byte of bytes) {
        if (frame.length === 0 && byte !== START) continue;
        frame.push(byte);
        if (frame.length < FRAME_BYTES) continue;
        const [start = 0, channel = 0, operation = 0, sum = 0] = frame;
        frame = [];
        if (((start + channel + operation) & 0xff) === sum) obey(channel - 1, operation);
      }
    },
  };
}

function lcusFrame(channel: number, operation: number): Uint8Array {
  return Buffer.of(START, channel, operation, (START + channel + operation) & 0xff);
}
