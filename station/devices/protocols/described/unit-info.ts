import { createHash } from 'node:crypto';
import { Fault } from '#shared/domain/fault.ts';
import { isBlankChipId, isUnsetId, normalizeChipId } from '#shared/domain/triple.ts';
import type { UnitIdKind } from '#shared/domain/unit-id.ts';
import type { UnitInfo } from '../device-session.ts';

/** Longest chip id of the ledger: 32 hex digits. */
const CHIP_ID_BYTES = 16;
const MAC_BYTES = 6;
const MIN_SERIAL_BYTES = 3;

/** The identification collected so far. */
export interface Identification {
  /** A MAC or chip id. */
  id?: string | undefined;
  /** A serial number that the device reports, as terminals do. */
  serial?: string | undefined;
  /** The kind that the recipe names. */
  as?: UnitIdKind | undefined;
  model?: string | undefined;
  firmware?: string | undefined;
}

/**
 * What identifies a unit, of what it has said. Faults: `device-garbled` for an id that identifies no unit.
 *
 * @param unit the unit in words, as the beginning of a sentence
 * @param details of the fault
 */
export function toUnitInfo(
  { id, as, serial, model, firmware }: Identification,
  unit: string,
  details: Fault['details'],
): UnitInfo {
  const chipId = id !== undefined ? chipIdOf(id) : serial !== undefined ? serialToChipId(serial) : null;
  const name = id ?? serial;
  if (chipId === null || isBlankChipId(chipId) || isUnsetId(name ?? '')) {
    const problem = name === undefined ? 'did not identify itself' : `reports the id "${name.slice(0, 64)}"`;
    throw new Fault('device-garbled', `${unit} ${problem}`, {
      hint: 'Try once more; check that it is a unit of this recipe.',
      details,
    });
  }
  // An id that is not hex is no MAC or chip id, whatever the recipe calls it.
  const isHex = id !== undefined && normalizeChipId(id) !== null;
  const kind: UnitIdKind = isHex ? (as ?? 'chip-id') : 'serial-number';
  const reported = { kind, text: isHex ? null : (id ?? serial ?? '').trim() };
  return { chipId, model: model ?? null, firmwareVersion: firmware ?? null, id: reported };
}

/** A MAC or chip id in hex; an id of other characters is represented by their bytes. */
function chipIdOf(id: string): string | null {
  const hex = normalizeChipId(id);
  if (hex !== null) return hex;
  const bytes = Buffer.from(id.trim(), 'utf8');
  return bytes.length < 3 || bytes.length > CHIP_ID_BYTES ? null : bytes.toString('hex').toUpperCase();
}

/**
 * Represents a serial number by its bytes in UTF-8: 12 hex digits are always a MAC, so that a serial number of six bytes
 * gets a zero byte appended. One of more than 16 bytes is represented by the first 16 of its SHA-256. Null for one that is
 * too short to distinguish units.
 */
function serialToChipId(serial: string): string | null {
  const bytes = Buffer.from(serial.trim(), 'utf8');
  if (bytes.length < MIN_SERIAL_BYTES) return null;
  const digest = (): Buffer => createHash('sha256').update(bytes).digest().subarray(0, CHIP_ID_BYTES);
  const id =
    bytes.length > CHIP_ID_BYTES
      ? digest()
      : bytes.length === MAC_BYTES
        ? Buffer.concat([bytes, Buffer.of(0)])
        : bytes;
  return id.toString('hex').toUpperCase();
}
