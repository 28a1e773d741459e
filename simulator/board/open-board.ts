import { type Outlet, SerialLine } from '../serial-line/index.ts';
import { lcusFirmware } from './lcus.ts';
import { numatoFirmware } from './numato.ts';
import type { Wiring } from './wiring.ts';

const FIRMWARE = { lcus: lcusFirmware, numato: numatoFirmware } as const;
export type BoardKind = keyof typeof FIRMWARE;
export const BOARD_KINDS = Object.keys(FIRMWARE) as [BoardKind, ...BoardKind[]];

export interface FixtureBoard {
  readonly kind: BoardKind;
  /** What a station opens. */
  readonly path: string;
  close(): void;
}

/** Puts a board on a port. Its relays are open: nothing on the fixtures has power. */
export function openBoard(kind: BoardKind, wiring: Wiring, outlet: Outlet): FixtureBoard {
  const firmware = FIRMWARE[kind](wiring, (bytes) => line.send(bytes));
  const line = new SerialLine(outlet.open(), {
    baudRate: null,
    onReceive: (bytes) => firmware.receive(bytes),
  });
  return { kind, path: line.path, close: () => line.close() };
}
