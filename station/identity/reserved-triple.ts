import { Fault } from '#shared/domain/fault.ts';
import { formatChipId } from '#shared/domain/triple.ts';
import { counted } from '#shared/words/index.ts';
import type { WritableDatabase, TripleRow } from '../core/database/index.ts';

/**
 * The triple that a file brought for this unit alone, ready to be claimed; `null` when there is none. Fault
 * `identity-conflict` when there is one that the unit cannot be given: then it gets no other either.
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
  const [own, another] = database.triples.listBoundTo(unit.chipId, serialNumber);
  if (own === undefined) return null;
  const name = (row: TripleRow): string => `${row.productId}/${row.deviceName}`;
  const refuse = (what: string): Fault =>
    new Fault('identity-conflict', `unit ${formatChipId(unit.chipId)}: ${what}`, {
      hint: 'Put the unit aside. Correct the list of triples and units, then start it again.',
      details: { chipId: unit.chipId, deviceName: own.deviceName, because: 'own-row' },
    });
  if (another !== undefined) throw refuse(`both ${name(own)} and ${name(another)} are for it`);
  if (own.boundMac !== null && own.boundMac !== unit.chipId)
    throw refuse(
      `${name(own)} is for serial number ${own.boundSerial ?? ''} with MAC ${formatChipId(own.boundMac)}`,
    );
  if (own.boundSerial !== null && serialNumber !== null && own.boundSerial !== serialNumber)
    throw refuse(`${name(own)} is for it with serial number ${own.boundSerial}, not ${serialNumber}`);
  if (own.productId !== productId)
    throw refuse(`${name(own)} is for it, of another product than ${productId}`);
  if (own.state !== 'available') throw refuse(`${name(own)} is for it and is ${own.state}`);
  return own;
}

/** @param bound how many triples of the product are left that are for other units. */
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
