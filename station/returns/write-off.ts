import { ledgerNote, NOT_PROVEN } from '#shared/domain/ledger-note.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { IdentityState } from '#shared/domain/identity.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { Approval } from '../core/approval/index.ts';
import type { AuditTrail } from '../core/audit-log/index.ts';
import type { Platform } from '../core/platform/index.ts';
import type { RegistryClient } from '../registry-sync/client/index.ts';
import type { Slots } from '../execution/slots/index.ts';
import type { WritableDatabase, TripleRow } from '../core/database/index.ts';
import { enqueueRetired } from './return-events.ts';

export interface WriteOffOptions {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly slots: Slots;
  readonly registry: () => RegistryClient | null;
}

export interface WriteOff extends Approval {
  readonly reason: string;
  readonly deviceName: string;
  /** Required when several products have the name, and for a name that only the registry has. */
  readonly productId: string | null;
}

export interface WrittenOff extends IdentityName {
  /** Its former state at this station; null when only the registry had it. */
  readonly was: IdentityState | null;
  readonly chipId: string | null;
}

/**
 * Retires an identity without reading its unit, which was scrapped or lost. If the unit comes back, its run ends in a
 * conflict and it gets another identity. The retirement of an identity that only the registry has is reported to it.
 * Faults: `not-found`, `bad-input` when it is retired, being written or given back, those of `RegistryClient`.
 */
export async function writeOff(
  options: WriteOffOptions,
  request: WriteOff,
  by: Actor,
  signal: AbortSignal,
): Promise<WrittenOff> {
  const row = findOwnTriple(options.database, request);
  if (row !== null) return retireOwn(options, request, row, by);
  const { productId, deviceName } = request;
  const registry = options.registry();
  const device =
    productId === null || registry === null ? null : await registry.device(productId, deviceName, signal);
  if (device === null)
    throw new Fault('not-found', `${deviceName} is not in the ledger of this station`, {
      hint: 'Check the DeviceName, or give its ProductId to search the registry, too.',
    });
  if (device.state === 'retired') throw notPossible(deviceName, 'is retired already');
  const name = { productId: device.productId, deviceName };
  // An order key of its own: messages of the unit may be parked behind one that needs this retirement.
  record(options, request, name, null, deviceName, by);
  return { ...name, was: null, chipId: device.chipId };
}

function retireOwn(options: WriteOffOptions, request: WriteOff, found: TripleRow, by: Actor): WrittenOff {
  const { database, platform } = options;
  const chipId = found.unitId === null ? null : (database.units.findById(found.unitId)?.chipId ?? null);
  using _unit = chipId === null ? null : reserve(options.slots, chipId);
  return database.transaction(() => {
    const row = database.triples.findById(found.tripleId) ?? found;
    if (row.state === 'retired') throw notPossible(row.deviceName, 'is retired already');
    if (row.state === 'burning') throw notPossible(row.deviceName, 'is being written');
    // The registry may have leased it to another station.
    if (row.state === 'returned') throw notPossible(row.deviceName, 'was given back to the registry');
    const note = ledgerNote('writtenOff', { reason: request.reason, approver: approverText(request) });
    database.triples.applyEvent(row, 'retire', { at: platform.clock.nowMs(), runId: null, note });
    record(options, request, row, chipId, chipId ?? row.deviceName, by);
    return { productId: row.productId, deviceName: row.deviceName, was: row.state, chipId };
  });
}

function findOwnTriple(database: WritableDatabase, { productId, deviceName }: WriteOff): TripleRow | null {
  const rows = database.triples
    .listByDeviceName(deviceName)
    .filter((row) => productId === null || row.productId === productId);
  const [row, another] = rows;
  if (another === undefined) return row ?? null;
  throw new Fault('bad-input', `${rows.length} products have a device named ${deviceName}`, {
    hint: `Give the ProductId: ${rows.map((one) => one.productId).join(', ')}.`,
  });
}

/** Prevents a run of the unit until it is disposed of. */
function reserve(slots: Slots, chipId: string): Disposable {
  try {
    return slots.reserveUnit(chipId, 0);
  } catch (error) {
    if (error instanceof Fault && error.code === 'unit-on-two-slots')
      throw notPossible(`unit ${chipId}`, 'is on a slot right now');
    throw error;
  }
}

function record(
  { database, platform, audit }: WriteOffOptions,
  request: WriteOff,
  name: IdentityName,
  chipId: string | null,
  orderKey: string,
  by: Actor,
): void {
  const { reason, approver, approverProven } = request;
  const { productId, deviceName } = name;
  database.transaction(() => {
    const details = { reason, approver, approverProven, productId, deviceName };
    audit.record(by, 'returns.write-off', chipId ?? deviceName, details);
    const event = { id: platform.random.id(), chipId, orderKey, atMs: platform.clock.nowMs() };
    enqueueRetired(database, name, event, request);
  });
}

function notPossible(subject: string, reason: string): Fault {
  return new Fault('bad-input', `${subject} ${reason}`, { hint: 'Nothing was changed.' });
}

/** The approval as the history of an identity has it. */
export function approvedBy({ approver, approverProven }: Approval): string {
  return `approved by ${approverText({ approver, approverProven })}`;
}

/** The approver of a note of the ledger. */
export function approverText({ approver, approverProven }: Approval): string {
  return `${approver}${approverProven ? '' : NOT_PROVEN}`;
}
