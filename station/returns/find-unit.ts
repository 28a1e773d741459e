import { unitNames } from '#shared/domain/scan/index.ts';
import { DEVICE_NAME, type IdentityName, normalizeChipId, PRODUCT_ID } from '#shared/domain/triple.ts';
import type { Store, UnitRow } from '../core/database/index.ts';

/** What a text names: a unit, a serial number that only runs have, or an identity. */
export interface FoundUnit {
  readonly unit: UnitRow | null;
  readonly serialNumber: string | null;
  /** The identity that the text names; the registry may know it when this ledger does not. */
  readonly identity: IdentityName | null;
}

/** Finds a unit by serial number, MAC, DeviceName, `PRODUCT/DeviceName` or the text of its label; null when no record has it. */
export function findUnit(store: Store, text: string): FoundUnit | null {
  for (const name of unitNames(text)) {
    const unit = unitByName(store, name);
    if (unit !== null || store.runs.ofSerial(name).length > 0)
      return { unit, serialNumber: unit?.serialNumber ?? name, identity: null };
  }
  const identity = identityByName(store, text);
  if (identity === null) return null;
  const unit = identity.unitId === null ? null : store.units.byId(identity.unitId);
  return { unit, serialNumber: unit?.serialNumber ?? null, identity };
}

function unitByName(store: Store, name: string): UnitRow | null {
  const chipId = normalizeChipId(name);
  const [triple] = store.triples.byDeviceName(name);
  return (
    store.units.bySerial(name) ??
    (chipId === null ? null : store.units.byChip(chipId)) ??
    store.units.bySaid(name) ??
    (triple?.unitId == null ? null : store.units.byId(triple.unitId)) ??
    unitByRuns(store, name)
  );
}

/** A unit that never passed has no serial number of its own, but its runs have the scanned one. */
function unitByRuns(store: Store, serialNumber: string): UnitRow | null {
  const unitId = store.runs.ofSerial(serialNumber).findLast((run) => run.unitId !== null)?.unitId;
  return unitId == null ? null : store.units.byId(unitId);
}

/** `GWDEMO0001/gw000101`, or the DeviceName of an identity of this station. */
function identityByName(
  store: Store,
  text: string,
): (IdentityName & { readonly unitId: number | null }) | null {
  const [productId = '', deviceName = '', ...more] = text.trim().split('/');
  if (deviceName === '') return store.triples.byDeviceName(productId)[0] ?? null;
  if (more.length > 0 || !PRODUCT_ID.test(productId) || !DEVICE_NAME.test(deviceName)) return null;
  return store.triples.byName(productId, deviceName) ?? { productId, deviceName, unitId: null };
}
