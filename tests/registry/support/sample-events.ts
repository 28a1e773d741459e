import type { RegistryEvent } from '#shared/registry-api/index.ts';
import { PRODUCT } from './registry-fixture.ts';

type RunEvent = Extract<RegistryEvent, { kind: 'run.finished' }>;
type ReturnEvent = Extract<RegistryEvent, { kind: 'unit.returned' }>;
type RetireEvent = Extract<RegistryEvent, { kind: 'identity.retired' }>;

/** Chip number `n` as the ledger writes it. */
export function chip(n: number): string {
  return n.toString(16).toUpperCase().padStart(12, '0');
}

/** A run that passed and burned `deviceName` into chip `n`; without a name, one that burned nothing. */
export function runEvent(
  n: number,
  deviceName: string | null,
  changes: Partial<RunEvent['payload']> = {},
): RunEvent {
  const runId = changes.runId ?? `run-${n}`;
  return {
    key: `S1:${runId}`,
    kind: 'run.finished',
    lane: chip(n),
    atMs: 1_700_000_000_000 + n,
    payload: {
      runId,
      station: 'S1',
      batchId: 'B1',
      batchName: 'first batch',
      recipeHash: 'a'.repeat(64),
      appVersion: '0.1.0',
      operator: 'Li',
      serialNumber: `SN${n}`,
      chipId: chip(n),
      outcome: 'PASS',
      startedAtMs: 1_700_000_000_000,
      finishedAtMs: 1_700_000_010_000 + n,
      firstFailure: null,
      identity:
        deviceName === null
          ? null
          : {
              productId: PRODUCT,
              deviceName,
              state: 'burned',
              proof: { readBack: 'bcc8', online: 'device' },
            },
      ...changes,
    },
  };
}

/** Chip `n` was at the returns desk and left with `deviceName`; without a name, with nothing. */
export function returnEvent(
  n: number,
  deviceName: string | null,
  changes: Partial<ReturnEvent['payload']> = {},
): ReturnEvent {
  const returnId = changes.returnId ?? `return-${n}`;
  const proof = { readBack: 'bcc8', online: 'none' } as const;
  return {
    key: `S1:${returnId}`,
    kind: 'unit.returned',
    lane: chip(n),
    atMs: 1,
    payload: {
      returnId,
      station: 'S1',
      chipId: chip(n),
      serialNumber: null,
      action: 'reissue',
      reason: 'looked at',
      approver: 'Wang',
      person: 'Li',
      identity: deviceName === null ? null : { productId: PRODUCT, deviceName, state: 'burned', proof },
      ...changes,
    },
  };
}

export function retireEvent(key: string, deviceName: string, chipId: string | null): RetireEvent {
  return {
    key,
    kind: 'identity.retired',
    lane: chipId ?? deviceName,
    atMs: 1_700_000_100_000,
    payload: { productId: PRODUCT, deviceName, chipId, reason: 'burnt board', approver: 'Wang' },
  };
}
