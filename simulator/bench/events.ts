import type { FaultCode } from '#shared/domain/fault.ts';

import type { BoardKind } from '../board/index.ts';
import type { UnitFault } from '../faults/index.ts';
import type { FlashRecord } from '../flash/index.ts';

/** A unit as it can be told from outside: its number on the bench (from 1), its address, its label. */
export interface UnitName {
  readonly unit: number;
  readonly mac: string;
  readonly serialNumber: string;
}

/** What happens on a bench; with `event` first, one of these is one line of JSON. */
export type BenchEvent =
  /** A fixture is there. `unit`, `mac` and `serialNumber` are `null` on an empty one. */
  | ({ readonly event: 'sim.listening'; readonly slot: number; readonly path: string } & (
      UnitName | { readonly unit: null; readonly mac: null; readonly serialNumber: null }
    ))
  /** A unit that has no fixture yet, where there are fewer fixtures than units. */
  | ({ readonly event: 'sim.waiting' } & UnitName)
  | ({ readonly event: 'sim.placed'; readonly slot: number; readonly path: string } & UnitName)
  | ({ readonly event: 'sim.removed'; readonly slot: number } & UnitName)
  | ({ readonly event: 'sim.powered'; readonly slot: number; readonly on: boolean } & UnitName)
  /** The cable of a fixture is out: whoever had the port open has lost it. */
  | { readonly event: 'sim.unplugged'; readonly slot: number; readonly path: string }
  /** It is in again, under the same path unless the system gave that number to somebody else. */
  | { readonly event: 'sim.plugged'; readonly slot: number; readonly path: string }
  /** A Bluetooth adapter is there: a host opens the path and speaks H4. */
  | { readonly event: 'sim.air'; readonly path: string }
  /** A fixture board is there, on a serial port of its own. */
  | { readonly event: 'sim.board'; readonly board: BoardKind; readonly path: string }
  /** What is wrong with a unit from now on. */
  | ({ readonly event: 'sim.faults'; readonly faults: readonly UnitFault[] } & UnitName)
  /** A unit has committed its identity, or the erasing of it, to flash. */
  | ({ readonly event: 'sim.committed'; readonly unit: number } & FlashRecord)
  | {
      readonly event: 'sim.error';
      readonly code: FaultCode;
      readonly message: string;
      readonly hint: string | null;
    };
