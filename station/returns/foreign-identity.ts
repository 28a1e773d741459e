import type { UnitReport } from '#shared/contract/index.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { WritableDatabase, TripleRow, UnitRow } from '../core/database/index.ts';

/** An identity that a unit holds and this ledger has not given it; it goes when the desk writes another one over it. */
export interface ForeignIdentity {
  readonly name: IdentityName;
  /** Here it is in the pool or in quarantine, and of no unit. */
  readonly own: TripleRow | null;
  /** Unless it is retired at the registry, the unit cannot become anything else there. */
  readonly tell: boolean;
}

/**
 * What the unit holds besides its own: given by another station, or by this one after a backup that was restored since.
 * Null for what another unit of this ledger has: that one keeps it.
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
  const isThisUnits = registry?.state === 'bound' && registry.chipId === unit.chipId;
  const isNobodys = registry !== null && registry.chipId === null && registry.state !== 'retired';
  const tell = isThisUnits || (own !== null && (isNobodys || !registryReachable));
  return { name, own, tell };
}
