import type { LedgerView } from '#shared/domain/burn-decision.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { ReadableDatabase } from '../core/database/index.ts';

/** Where the ledger has a name, from the view of a unit; null when it is the unit's own live identity. */
export function whereaboutsOf(
  database: Pick<ReadableDatabase, 'triples'>,
  name: IdentityName,
  unitId: number,
): LedgerView['readNameElsewhere'] {
  const row = database.triples.findByName(name.productId, name.deviceName);
  if (row === null) return 'unknown';
  switch (row.state) {
    case 'available':
      return 'pool';
    // The registry may have leased it to another station.
    case 'returned':
      return 'unknown';
    case 'quarantined':
      return 'quarantined';
    case 'retired':
      return row.unitId === unitId ? 'own-retired' : 'retired';
    default:
      return row.unitId === unitId ? null : 'other-unit';
  }
}
