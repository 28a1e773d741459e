import { unitNameCandidates } from '#shared/domain/scan/index.ts';
import { DEVICE_NAME, type IdentityName, normalizeChipId, PRODUCT_ID } from '#shared/domain/triple.ts';
import type { ReadableDatabase, UnitRow } from '../core/database/index.ts';

/** The record that a text identifies: a unit, a serial number that only runs have, or an identity. */
export interface UnitMatch {
  readonly unit: UnitRow | null;
  /** Of the unit, or the text if runs have it as their serial number; null for a MAC or DeviceName. */
  readonly serialNumber: string | null;
  /** The identity with this name; it may be in the registry and not in this ledger. */
  readonly identity: IdentityName | null;
}

/** Finds a unit by serial number, MAC, DeviceName, `PRODUCT/DeviceName` or the text of its label; null when no record has it. */
export function findUnit(database: ReadableDatabase, text: string): UnitMatch | null {
  for (const name of unitNameCandidates(text)) {
    const unit = unitByName(database, name);
    const hasRuns = database.runs.listOfSerialNumber(name).length > 0;
    if (unit !== null || hasRuns)
      return { unit, serialNumber: unit?.serialNumber ?? (hasRuns ? name : null), identity: null };
  }
  const identity = identityByName(database, text);
  if (identity === null) return null;
  const unit = identity.unitId === null ? null : database.units.findById(identity.unitId);
  return { unit, serialNumber: unit?.serialNumber ?? null, identity };
}

function unitByName(database: ReadableDatabase, name: string): UnitRow | null {
  const chipId = normalizeChipId(name);
  const [triple] = database.triples.listByDeviceName(name);
  return (
    database.units.findBySerialNumber(name) ??
    (chipId === null ? null : database.units.findByChip(chipId)) ??
    database.units.findByReportedId(name) ??
    (triple?.unitId == null ? null : database.units.findById(triple.unitId)) ??
    unitByRuns(database, name)
  );
}

/** A unit that never passed has no serial number of its own, but its runs have the scanned one. */
function unitByRuns(database: ReadableDatabase, serialNumber: string): UnitRow | null {
  const unitId = database.runs
    .listOfSerialNumber(serialNumber)
    .findLast((run) => run.unitId !== null)?.unitId;
  return unitId == null ? null : database.units.findById(unitId);
}

/** `GWDEMO0001/gw000101`, or the DeviceName of an identity of this station. */
function identityByName(
  database: ReadableDatabase,
  text: string,
): (IdentityName & { readonly unitId: number | null }) | null {
  const [productId = '', deviceName = '', ...more] = text.trim().split('/');
  if (deviceName === '') return database.triples.listByDeviceName(productId)[0] ?? null;
  if (more.length > 0 || !PRODUCT_ID.test(productId) || !DEVICE_NAME.test(deviceName)) return null;
  return database.triples.findByName(productId, deviceName) ?? { productId, deviceName, unitId: null };
}
