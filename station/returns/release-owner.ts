import type { Actor } from '#shared/rpc/index.ts';
import type { Approval } from '../core/approval/index.ts';
import type { AuditTrail } from '../core/audit-log/index.ts';
import type { WritableDatabase } from '../core/database/index.ts';
import { type RegistryClient, requireRegistry } from '../registry-sync/client/index.ts';
import { approvedBy } from './write-off.ts';

export interface ReleaseOwner extends Approval {
  readonly productId: string;
  readonly deviceName: string;
  /** As the person saw it: another owner is not released. */
  readonly owner: string;
  readonly reason: string;
}

/** `told` false: the unit was not connected, and learns it at its next login. */
export interface ReleasedOwner {
  readonly released: boolean;
  readonly told: boolean;
}

/**
 * Releases a unit from its owner at the registry, which tells the unit. The registry keeps who did it and why, and the audit trail has
 * it, too. Faults: `not-configured`, those of `RegistryClient`; `registry-refused` for another owner and for a unit of another station
 * without the right "desk".
 */
export async function releaseOwner(
  options: {
    readonly database: WritableDatabase;
    readonly audit: AuditTrail;
    readonly registry: () => RegistryClient | null;
  },
  request: ReleaseOwner,
  by: Actor,
  signal: AbortSignal,
): Promise<ReleasedOwner> {
  const { productId, deviceName, owner, reason, approver, approverProven } = request;
  const given = { reason, by: `${by.user}, ${approvedBy(request)}`, owner };
  const released = await requireRegistry(options.registry()).unbindDevice(
    productId,
    deviceName,
    given,
    signal,
  );
  options.database.transaction(() =>
    options.audit.record(by, 'returns.unbind', deviceName, {
      reason,
      approver,
      approverProven,
      productId,
      deviceName,
      owner,
      ...released,
    }),
  );
  return released;
}
