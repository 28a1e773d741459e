import type { IdentityName } from '#shared/domain/triple.ts';
import type { RegistryEvent } from '#shared/registry-api/index.ts';
import type { Approval } from '../core/approval/index.ts';
import type { WritableDatabase } from '../core/database/index.ts';

type PayloadOf<K extends RegistryEvent['kind']> = Extract<RegistryEvent, { kind: K }>['payload'];

/** Adds `identity.retired` to the outbox. Call it inside the transaction that retires the identity. */
export function enqueueRetired(
  database: WritableDatabase,
  { productId, deviceName }: IdentityName,
  event: {
    /** Id of the return or of the write-off; part of the message's key. */
    readonly id: string;
    readonly chipId: string | null;
    /** Messages of one order key are sent in order. */
    readonly orderKey: string;
    readonly atMs: number;
  },
  { reason, approver, approverProven }: Approval & { readonly reason: string },
): void {
  const payload: PayloadOf<'identity.retired'> = {
    productId,
    deviceName,
    chipId: event.chipId,
    reason,
    approver,
    approverProven,
  };
  database.outbox.add({
    key: `retired:${event.id}:${productId}/${deviceName}`,
    orderKey: event.orderKey,
    kind: 'identity.retired',
    payload: JSON.stringify(payload),
    createdAtMs: event.atMs,
  });
}

/** Adds `unit.returned` to the outbox, in order with the other messages of the unit. */
export function enqueueReturned(
  database: WritableDatabase,
  payload: PayloadOf<'unit.returned'>,
  atMs: number,
): void {
  database.outbox.add({
    key: `return:${payload.returnId}`,
    orderKey: payload.chipId,
    kind: 'unit.returned',
    payload: JSON.stringify(payload),
    createdAtMs: atMs,
  });
}
