import { type PortFactory, SerialLine } from '../serial-line/index.ts';
import { lcusFirmware } from './lcus.ts';
import { numatoFirmware } from './numato.ts';
import type { Wiring } from './wiring.ts';

const FIRMWARE = { lcus: lcusFirmware, numato: numatoFirmware } as const;
export type BoardKind = keyof typeof FIRMWARE;
export const BOARD_KINDS = Object.keys(FIRMWARE) as [BoardKind, ...BoardKind[]];

export interface FixtureBoard {
  readonly kind: BoardKind;
  /** The path that a station opens. */
  readonly path: string;
  close(): void;
}

/** Opens a board on a new port. Its relays are open, so that no unit has power. */
export function openBoard(kind: BoardKind, wiring: Wiring, portFactory: PortFactory): FixtureBoard {
  const firmware = FIRMWARE[kind](wiring, (bytes) => line.send(bytes));
  const line = new SerialLine(portFactory.open(), {
    baudRate: null,
    onReceive: (bytes) => firmware.receive(bytes),
  });
  return { kind, path: line.path, close: () => line.close() };
}
