import type { UnitFault } from '#simulator';
import type { Mutation } from './mutations.ts';
import type { profileOf } from './devices.ts';
import type { LabelAnswer } from './outputs/label-questions.ts';
import type { OutputSettings } from './outputs/settings.ts';

/** Commands of the torture to its processes: one JSON object a line. A command with an `id` is answered by `done`. */
export interface StationOpen {
  readonly open: {
    readonly dataDir: string;
    readonly station: string;
    readonly registryUrl: string;
    readonly token: string;
    readonly recipe: string;
    readonly ports: readonly string[];
    /** Triples of one lease; few, so that the station leases often. */
    readonly leaseBlock: number;
    /** Leases and sends by itself, as in production; else only by command. */
    readonly autonomous: boolean;
    readonly mutation: Mutation | null;
    /** `null`: its runs leave records only. */
    readonly outputs: OutputSettings | null;
    /** Ends itself at this point after its start; 0: at none. */
    readonly dieAt: number;
  };
}

export type StationCommand =
  | StationOpen
  /** Runs the recipe once on one unit. */
  | { readonly run: { readonly slot: number; readonly serialNumber: string } }
  /** One action of the returns page on the unit on a slot. */
  | { readonly return: { readonly slot: number; readonly action: 'keep' | 'reissue' } }
  /**
   * The whole life of an identity: a triple is leased, the unit is run or re-issued, the outbox is sent. At its `at`-th
   * point `victim` is killed, or this process if `victim` is null; 0: no kill.
   */
  | {
      readonly fullCycle: {
        readonly slot: number;
        /** Absent: the unit is re-issued. */
        readonly serialNumber?: string;
        readonly at: number;
        readonly victim: number | null;
      };
    }
  | { readonly drain: true }
  /** A person answers a question about a label, or decides about a print. */
  | { readonly label: LabelAnswer }
  /** Prints the label of the present identity of a unit. */
  | { readonly reprint: { readonly serialNumber: string } }
  /** The prints that wait for a person. */
  | { readonly openLabels: true }
  | { readonly arm: { readonly at: number; readonly victim: number | null } }
  | { readonly passed: true }
  /** Sends the outbox and reports the final state. */
  | { readonly settle: true };

export type RegistryCommand =
  | { readonly open: { readonly dataDir: string; readonly httpPort: number; readonly mqttPort: number } }
  | { readonly arm: { readonly at: number } }
  | { readonly passed: true }
  | { readonly close: true };

export type SimulatorCommand =
  | {
      readonly open: {
        readonly profile: ReturnType<typeof profileOf>;
        readonly units: number;
        readonly slots: number;
        readonly stateDir: string;
        readonly mqttUrl: string;
        readonly gatewayUrl: string;
        readonly seed: string;
        readonly serialStart: number;
        readonly timeScale: number;
        readonly faults: Record<string, UnitFault[]>;
      };
    }
  | { readonly place: { readonly slot: number; readonly unit: number } }
  | { readonly remove: { readonly slot: number } }
  | { readonly close: true };
