import { Fault } from '#shared/domain/fault.ts';
import { unitIdOf } from '#shared/domain/unit-id.ts';
import type { UnitInfo } from '../../devices/protocols/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { UnitOnSlot } from '../run-context/index.ts';

/** The unit that a run is about, as far as the record knows it. */
export interface ExpectedUnit {
  readonly runId: string;
  readonly serialNumber: string | null;
  /** Chip id that the run began with, when it is resumed. */
  readonly chipId: string | null;
}

/**
 * Records which unit a run is about, when the unit has been identified. Faults: `serial-conflict` when the serial number
 * belongs to another unit, `interrupted` when a resumed run began with another unit.
 */
export function identifyUnit(
  database: WritableDatabase,
  expected: ExpectedUnit,
  info: UnitInfo,
  atMs: number,
): UnitOnSlot {
  if (expected.chipId !== null && expected.chipId !== info.chipId) {
    throw new Fault(
      'interrupted',
      `the run began with unit ${expected.chipId}, and ${nameOf(info)} is on the slot now`,
      {
        hint: 'Start this unit again.',
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
  // After the record, so that the run of a conflict names the unit.
  requireSameSerial(database, expected.serialNumber, unit.serialNumber, info);
  return { unitId: unit.unitId, info };
}

/** A serial number and a chip belong together once a unit has passed. */
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
  const unitIs = known === null || known === serialNumber ? '' : `, which is ${known}`;
  const serialIs =
    other === null || other.chipId === chipId ? '' : `; it belongs to unit ${unitIdOf(other).text}`;
  throw new Fault(
    'serial-conflict',
    `serial number ${serialNumber} does not belong to unit ${nameOf(info)}${unitIs}${serialIs}`,
    {
      hint: 'Check that the label is on the right unit; else take it to support.',
      details: { serialNumber, chipId, known },
    },
  );
}

/** The name of a unit for people. */
function nameOf({ chipId, id }: UnitInfo): string {
  return id?.text ?? unitIdOf({ chipId }).text;
}
