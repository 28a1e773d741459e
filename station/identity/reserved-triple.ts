import { Fault } from '#shared/domain/fault.ts';
import { formatChipId } from '#shared/domain/triple.ts';
import { counted } from '#shared/words/index.ts';
import type { WritableDatabase, TripleRow } from '../core/database/index.ts';

/**
 * The available triple that an imported file reserves for this unit; null when there is none.
 * Faults: `identity-conflict` when a triple is reserved for the unit and cannot be given to it; the unit then gets no other.
 */
export function reservedTriple(
  database: WritableDatabase,
  productId: string,
  unitId: number,
  scanned: string | null,
): TripleRow | null {
  const unit = database.units.findById(unitId);
  if (unit === null) throw new Fault('ledger-violation', `unit ${unitId} is not in the ledger`);
  const serialNumber = scanned ?? unit.serialNumber ?? database.runs.findLastSerialNumber(unitId);
  const [reserved, another] = database.triples.listBoundTo(unit.chipId, serialNumber);
  if (reserved === undefined) return null;
  const name = (row: TripleRow): string => `${row.productId}/${row.deviceName}`;
  const conflict = (reason: string): Fault =>
    new Fault('identity-conflict', `unit ${formatChipId(unit.chipId)}: ${reason}`, {
      hint: 'Put the unit aside. Correct the list of triples and units, then start it again.',
      details: { chipId: unit.chipId, deviceName: reserved.deviceName, because: 'own-row' },
    });
  if (another !== undefined) throw conflict(`both ${name(reserved)} and ${name(another)} are for it`);
  if (reserved.boundMac !== null && reserved.boundMac !== unit.chipId)
    throw conflict(
      `${name(reserved)} is for serial number ${reserved.boundSerial ?? ''} with MAC ${formatChipId(reserved.boundMac)}`,
    );
  if (reserved.boundSerial !== null && serialNumber !== null && reserved.boundSerial !== serialNumber)
    throw conflict(
      `${name(reserved)} is for it with serial number ${reserved.boundSerial}, not ${serialNumber}`,
    );
  if (reserved.productId !== productId)
    throw conflict(`${name(reserved)} is for it, of another product than ${productId}`);
  if (reserved.state !== 'available') throw conflict(`${name(reserved)} is for it and is ${reserved.state}`);
  return reserved;
}

/** @param bound available triples of the product that are reserved for other units */
export function poolEmpty(productId: string, bound: number): Fault {
  const hint = 'Lease or import triples, then start the unit again.';
  if (bound === 0)
    return new Fault('pool-empty', `no triple of ${productId} is left on this station`, {
      hint,
      details: { productId },
    });
  return new Fault(
    'pool-empty',
    `no triple of ${productId} is left for this unit; ${counted(bound, 'that is left is for another unit', 'that are left are for other units')}`,
    { hint: `Check that the unit is in the list. ${hint}`, details: { productId, bound } },
  );
}
