import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import type { Recipe } from '#shared/domain/recipe.ts';
import type { IdentityProof } from '#shared/registry-api/events.ts';
import type { Bound, Ledger } from '../identity/index.ts';
import type { Platform } from '../platform/index.ts';
import type { DeviceSession, UnitInfo } from '../protocols/index.ts';
import type { RegistryClient } from '../registry/index.ts';
import type { Store } from '../store/index.ts';
import type { RunBle } from './run-ble.ts';

/** A value a step measured, with what it was held against. */
export interface Measured {
  readonly name: string;
  readonly value: MeasuredValue;
  readonly unit: string | null;
  readonly limits: string;
  readonly outcome: Outcome;
}

/** The unit on the slot as far as the run knows it by now. */
export interface UnitOnSlot {
  readonly unitId: number;
  readonly info: UnitInfo;
}

/** What the steps of one run share. A step reads it and writes only through its methods. */
export interface RunContext {
  readonly runId: string;
  readonly recipe: Recipe;
  readonly serialNumber: string | null;
  readonly platform: Platform;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly registry: RegistryClient | null;
  readonly device: DeviceSession;
  readonly ble: RunBle;
  readonly unit: UnitOnSlot | null;
  readonly bound: Bound | null;
  /** The unit has said who it is. Faults: `unit-on-two-slots`, `serial-conflict`. */
  meetUnit(info: UnitInfo): UnitOnSlot;
  setBound(bound: Bound | null): void;
  setProof(change: Partial<IdentityProof>): void;
  measure(measured: Measured): void;
}
