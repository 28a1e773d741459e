import type { UnitReport } from '#shared/contract/index.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { WritableDatabase, TripleRow, UnitRow } from '../core/database/index.ts';

/** An identity that a unit holds and that this ledger did not bind to it. Writing another identity removes it. */
export interface ForeignIdentity {
  readonly name: IdentityName;
  /** Its row in this ledger when it is available or quarantined here, bound to no unit; else null. */
  readonly own: TripleRow | null;
  /** Its retirement must be reported; the registry accepts no other identity for the unit before. */
  readonly mustReport: boolean;
}

/**
 * The identity that the unit holds besides its own. Another station burned it, or this station after the backup that was
 * restored. Null for an identity that belongs to another unit of this ledger: that unit keeps it.
 */
export function findForeignIdentity(
  database: WritableDatabase,
  unit: UnitRow,
  { reading, registry, registryReachable }: UnitReport,
): ForeignIdentity | null {
  const name = reading?.holds ?? null;
  if (name === null) return null;
  const row = database.triples.findByName(name.productId, name.deviceName);
  if (row?.state === 'retired' || (row !== null && row.unitId !== null)) return null;
  const own = row?.state === 'available' || row?.state === 'quarantined' ? row : null;
  const isBoundToUnit = registry?.state === 'bound' && registry.chipId === unit.chipId;
  const isUnbound = registry !== null && registry.chipId === null && registry.state !== 'retired';
  const mustReport = isBoundToUnit || (own !== null && (isUnbound || !registryReachable));
  return { name, own, mustReport };
}
