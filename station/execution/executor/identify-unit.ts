import { Fault } from '#shared/domain/fault.ts';
import type { UnitInfo } from '../../devices/protocols/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { UnitOnSlot } from '../run-context/index.ts';

/** Who a run is about, as it stands in the record. */
export interface Expected {
  readonly runId: string;
  readonly serialNumber: string | null;
  /** The chip that this run began with, when it is taken up again. */
  readonly chipId: string | null;
}

/**
 * The unit has said who it is: it is remembered, and the run is about it. Faults: `serial-conflict` when its serial
 * number is another unit's, `identity-conflict` when another unit lies on the slot than the one the run began with.
 */
export function identifyUnit(
  database: WritableDatabase,
  expected: Expected,
  info: UnitInfo,
  atMs: number,
): UnitOnSlot {
  if (expected.chipId !== null && expected.chipId !== info.chipId) {
    throw new Fault(
      'interrupted',
      `the run began with unit ${expected.chipId}, and ${nameOf(info)} is on the slot now`,
      {
        hint: 'Start this unit anew.',
        details: { chipId: info.chipId, known: expected.chipId },
      },
    );
  }
  const unit = database.writeRelaxed(() => {
    const seen = database.units.recordSeen(
      info.chipId,
      info.model,
      info.firmwareVersion,
      atMs,
      info.id ?? null,
    );
    database.runs.setUnit(expected.runId, seen.unitId);
    return seen;
  });
  // After the record, so that a conflict says which unit it was.
  requireSameSerial(database, expected.serialNumber, unit.serialNumber, info);
  return { unitId: unit.unitId, info };
}

/** A serial number and a chip belong together once a unit has passed; another pairing is for support to explain. */
function requireSameSerial(
  database: WritableDatabase,
  serialNumber: string | null,
  known: string | null,
  info: UnitInfo,
): void {
  const { chipId } = info;
  if (serialNumber === null) return;
  const other = database.units.findBySerialNumber(serialNumber);
  if ((known === null || known === serialNumber) && (other === null || other.chipId === chipId)) return;
  throw new Fault(
    'serial-conflict',
    `serial number ${serialNumber} does not belong to unit ${nameOf(info)}`,
    {
      hint: 'Check that the label is on the right unit; else take it to support.',
      details: { serialNumber, chipId, known },
    },
  );
}

/** As people know it. */
function nameOf({ chipId, id }: UnitInfo): string {
  return id?.text ?? chipId;
}
