import type { UnitFault } from '#simulator';
import type { Sabotage } from './mutations.ts';

/** What the torture tells its processes, one JSON object a line. Those with an `id` are answered by `done`. */
export interface StationOpen {
  readonly open: {
    readonly dataDir: string;
    readonly station: string;
    readonly registryUrl: string;
    readonly token: string;
    readonly recipe: string;
    readonly ports: readonly string[];
    /** Triples asked for at once; few, so that it is asked often. */
    readonly leaseBlock: number;
    /** Leases and sends by itself, as a line does; else only when ordered to. */
    readonly restless: boolean;
    readonly sabotage: Sabotage | null;
    /** Dies at this point after its start; 0: at none. */
    readonly dieAt: number;
  };
}

export type StationOrder =
  | StationOpen
  /** One unit once through the recipe. */
  | { readonly run: { readonly slot: number; readonly serialNumber: string } }
  /** The returns desk: one act on the unit on a slot. */
  | { readonly desk: { readonly slot: number; readonly action: 'keep' | 'reissue' } }
  /**
   * Everything that a unit's identity goes through, one after the other: a triple is leased, the unit is run or
   * re-issued, the outbox is sent. At its `at`-th point `victim` is killed, or this process; 0: nobody.
   */
  | {
      readonly life: {
        readonly slot: number;
        /** Left out for the returns desk. */
        readonly serialNumber?: string;
        readonly at: number;
        readonly victim: number | null;
      };
    }
  | { readonly drain: true }
  | { readonly arm: { readonly at: number; readonly victim: number | null } }
  | { readonly passed: true }
  /** Sends all that is left, tells what the ledger holds, and closes. */
  | { readonly settle: true };

export type RegistryOrder =
  | { readonly open: { readonly dataDir: string; readonly mqttPort: number } }
  | { readonly arm: { readonly at: number } }
  | { readonly passed: true }
  | { readonly close: true };

export type BenchOrder =
  | {
      readonly open: {
        readonly units: number;
        readonly slots: number;
        readonly stateDir: string;
        readonly mqttUrl: string;
        readonly seed: string;
        readonly serialStart: number;
        readonly timeScale: number;
        readonly faults: Record<string, UnitFault[]>;
      };
    }
  | { readonly place: { readonly slot: number; readonly unit: number } }
  | { readonly remove: { readonly slot: number } }
  | { readonly close: true };
