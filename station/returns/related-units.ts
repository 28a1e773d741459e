import { unitIdOf } from '#shared/domain/unit-id.ts';
import type { RelatedUnit } from '#shared/contract/index.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { WritableDatabase, UnitRow } from '../core/database/index.ts';
import { runEntries, unitTimeline } from './timeline.ts';

/**
 * Units that have a part in what is wrong with this one, each with its own history: the one whose identity it holds,
 * those that were scanned under its serial number, and what was scanned under another one with its MAC.
 */
export function relatedUnits(
  database: WritableDatabase,
  unit: UnitRow | null,
  serialNumber: string | null,
  held: IdentityName | null,
): RelatedUnit[] {
  const runs = unit === null ? [] : database.runs.listOfUnit(unit.unitId);
  // What was looked for last: it may be a DeviceName as well.
  const own = unit?.serialNumber ?? runs.at(-1)?.serialNumber ?? serialNumber;
  const scanned = new Set([own, ...runs.map((run) => run.serialNumber)].filter((serial) => serial !== null));
  const others = new Map<number, RelatedUnit['why']>();
  const add = (unitId: number | null | undefined, why: RelatedUnit['why']): void => {
    if (unitId != null && unitId !== unit?.unitId && !others.has(unitId)) others.set(unitId, why);
  };
  if (held !== null)
    add(database.triples.findByName(held.productId, held.deviceName)?.unitId, 'has-its-identity');
  for (const serial of scanned) {
    add(database.units.findBySerialNumber(serial)?.unitId, 'has-its-serial');
    for (const run of database.runs.listOfSerialNumber(serial)) add(run.unitId, 'has-its-serial');
  }
  const found = [...others].flatMap(([unitId, why]) => describe(database, unitId, why));
  const twins = [...scanned].filter((serial) => serial !== own);
  return [
    ...found,
    ...twins.map((serial): RelatedUnit => ({
      why: 'has-its-mac',
      chipId: unit?.chipId ?? null,
      unitId: unit === null ? null : unitIdOf(unit),
      serialNumber: serial,
      bound: null,
      timeline: runEntries(runs.filter((run) => run.serialNumber === serial)),
    })),
  ];
}

function describe(database: WritableDatabase, unitId: number, why: RelatedUnit['why']): RelatedUnit[] {
  const unit = database.units.findById(unitId);
  if (unit === null) return [];
  const live = database.triples.findLiveOfUnit(unitId);
  const serialNumber = unit.serialNumber ?? database.runs.listOfUnit(unitId).at(-1)?.serialNumber ?? null;
  return [
    {
      why,
      chipId: unit.chipId,
      unitId: unitIdOf(unit),
      serialNumber,
      bound:
        live === null ? null : { productId: live.productId, deviceName: live.deviceName, state: live.state },
      timeline: unitTimeline(database, unit, null).sort((a, b) => a.atMs - b.atMs),
    },
  ];
}
