import { Relays, type BoardFirmware, type Wiring } from './wiring.ts';

const START = 0xa0;
const FRAME_BYTES = 4;
const OPERATION = { off: 0, on: 1, offAndReport: 2, onAndReport: 3, toggleAndReport: 4, query: 5 } as const;

/**
 * A USB relay board of the LCUS kind. A frame is `A0`, channel from 1, operation, and the sum of the three. Operations 0
 * and 1 switch off and on without a reply; 2, 3 and 4 switch off, on and toggle and report the state; 5 queries it. The
 * reply is a frame with operation 0 or 1. The board has no inputs. Source: the seller's leaflet of LCUS-1 to LCUS-8.
 */
export function lcusFirmware(wiring: Wiring, send: (bytes: Uint8Array) => void): BoardFirmware {
  const relays = new Relays(wiring);
  let frame: number[] = [];

  function execute(channel: number, operation: number): void {
    const closed = relays.isClosed(channel);
    if (closed === null || operation > OPERATION.query) return;
    const wanted =
      operation === OPERATION.on || operation === OPERATION.onAndReport
        ? true
        : operation === OPERATION.off || operation === OPERATION.offAndReport
          ? false
          : operation === OPERATION.toggleAndReport
            ? !closed
            : closed;
    relays.set(channel, wanted);
    if (operation >= OPERATION.offAndReport) send(lcusFrame(channel + 1, Number(wanted)));
  }

  return {
    receive(bytes) {
      for (const byte of bytes) {
        if (frame.length === 0 && byte !== START) continue;
        frame.push(byte);
        if (frame.length < FRAME_BYTES) continue;
        const [start = 0, channel = 0, operation = 0, sum = 0] = frame;
        frame = [];
        if (((start + channel + operation) & 0xff) === sum) execute(channel - 1, operation);
      }
    },
  };
}

function lcusFrame(channel: number, operation: number): Uint8Array {
  return Buffer.of(START, channel, operation, (START + channel + operation) & 0xff);
}
