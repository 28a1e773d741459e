import { Fault } from '#shared/domain/fault.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { IdentityState } from '#shared/domain/identity.ts';
import type { RegistryEvent } from '#shared/registry-api/index.ts';
import type { Role } from '#shared/rpc/index.ts';
import type { Approval } from '../administration/people/index.ts';
import type { AuditTrail } from '../core/audit-log/index.ts';
import type { Platform } from '../core/platform/index.ts';
import type { RegistryClient } from '../registry-sync/client/index.ts';
import type { Slots } from '../execution/slots/index.ts';
import type { WritableDatabase, TripleRow } from '../core/database/index.ts';

export interface WriteOffParts {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly slots: Slots;
  readonly registry: () => RegistryClient | null;
}

export interface WriteOff extends Approval {
  readonly reason: string;
  readonly deviceName: string;
  /** Needed for a name of several products, and for one that only the registry knows. */
  readonly productId: string | null;
  readonly person: string;
  readonly role: Role;
}

export interface WrittenOff extends IdentityName {
  /** What it was at this station; null when only the registry knew it. */
  readonly was: IdentityState | null;
  readonly chipId: string | null;
}

/**
 * Retires an identity whose unit will not be asked any more: scrapped, lost, or never told who it is. It is used by
 * nobody again, so that nothing can be wrong with it; should the unit come after all, it stops and gets another one.
 * Of a name that only the registry knows, the registry is told: another station gave it to a unit that has one of ours.
 * Faults: `not-found`, `bad-input` when it is retired, being written or no longer ours, `registry-unreachable`.
 */
export async function writeOff(
  parts: WriteOffParts,
  order: WriteOff,
  signal: AbortSignal,
): Promise<WrittenOff> {
  const row = findOwnTriple(parts.database, order);
  if (row !== null) return retireOwn(parts, order, row);
  const { productId, deviceName } = order;
  const registry = parts.registry();
  const known =
    productId === null || registry === null ? null : await registry.device(productId, deviceName, signal);
  if (known === null)
    throw new Fault('not-found', `${deviceName} is not in the ledger of this station`, {
      hint: 'Check the DeviceName; with its ProductId the registry is asked, too.',
    });
  if (known.state === 'retired') throw notPossible(deviceName, 'is retired already');
  const name = { productId: known.productId, deviceName };
  // Not behind what waits for just this: the unit's own lane may be held up by a message that needs it done.
  note(parts, order, name, null, deviceName);
  return { ...name, was: null, chipId: known.chipId };
}

function retireOwn(parts: WriteOffParts, order: WriteOff, found: TripleRow): WrittenOff {
  const { database, platform } = parts;
  const chipId = found.unitId === null ? null : (database.units.findById(found.unitId)?.chipId ?? null);
  using _unit = chipId === null ? null : aside(parts.slots, chipId);
  return database.transaction(() => {
    const row = database.triples.findById(found.tripleId) ?? found;
    if (row.state === 'retired') throw notPossible(row.deviceName, 'is retired already');
    if (row.state === 'burning') throw notPossible(row.deviceName, 'is being written');
    // The registry may have promised it to another station by now.
    if (row.state === 'returned') throw notPossible(row.deviceName, 'was given back to the registry');
    const said = `written off: ${order.reason} (${approvedBy(order)})`;
    database.triples.applyEvent(row, 'retire', { at: platform.clock.nowMs(), runId: null, note: said });
    note(parts, order, row, chipId, chipId ?? row.deviceName);
    return { productId: row.productId, deviceName: row.deviceName, was: row.state, chipId };
  });
}

function findOwnTriple(database: WritableDatabase, { productId, deviceName }: WriteOff): TripleRow | null {
  const rows = database.triples
    .listByDeviceName(deviceName)
    .filter((row) => productId === null || row.productId === productId);
  const [row, another] = rows;
  if (another === undefined) return row ?? null;
  throw new Fault('bad-input', `${deviceName} is a name of ${rows.length} products`, {
    hint: `Give the ProductId: ${rows.map((one) => one.productId).join(', ')}.`,
  });
}

/** Keeps the unit from being worked on meanwhile. */
function aside(slots: Slots, chipId: string): Disposable {
  try {
    return slots.reserveUnit(chipId, 0);
  } catch (error) {
    if (error instanceof Fault && error.code === 'unit-on-two-slots')
      throw notPossible(`unit ${chipId}`, 'is on a slot right now');
    throw error;
  }
}

function note(
  { database, platform, audit }: WriteOffParts,
  { reason, approver, approverProven, person, role }: WriteOff,
  { productId, deviceName }: IdentityName,
  chipId: string | null,
  orderKey: string,
): void {
  const payload: Extract<RegistryEvent, { kind: 'identity.retired' }>['payload'] = {
    productId,
    deviceName,
    chipId,
    reason,
    approver,
    approverProven,
  };
  database.transaction(() => {
    const id = platform.random.id();
    audit.append({
      actor: person,
      role,
      action: 'returns.write-off',
      subject: chipId ?? deviceName,
      details: { reason, approver, approverProven, productId, deviceName },
    });
    database.outbox.add({
      key: `retired:${id}:${productId}/${deviceName}`,
      orderKey,
      kind: 'identity.retired',
      payload: JSON.stringify(payload),
      createdAt: platform.clock.nowMs(),
    });
  });
}

function notPossible(what: string, why: string): Fault {
  return new Fault('bad-input', `${what} ${why}`, { hint: 'Nothing was changed.' });
}

/** As it stands in the history of an identity. */
export function approvedBy({ approver, approverProven }: Approval): string {
  return `approved by ${approver}${approverProven ? '' : ', not proven'}`;
}
