import { unitIdOf } from '#shared/domain/unit-id.ts';
import type { RelatedUnit } from '#shared/contract/index.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { ReadableDatabase, UnitRow } from '../core/database/index.ts';
import { runEntries, unitTimeline } from './timeline.ts';

/**
 * Units in conflict with this one, each with its own history: the unit whose identity it holds, units that were scanned
 * under its serial number, and other serial numbers that were scanned for its MAC.
 *
 * @param serialNumber the serial number that the unit was searched by; null when it was searched by another name or read
 */
export function relatedUnits(
  database: ReadableDatabase,
  unit: UnitRow | null,
  serialNumber: string | null,
  held: IdentityName | null,
): RelatedUnit[] {
  const runs = unit === null ? [] : database.runs.listOfUnit(unit.unitId);
  const own = unit?.serialNumber ?? runs.at(-1)?.serialNumber ?? serialNumber;
  const scanned = new Set([own, ...runs.map((run) => run.serialNumber)].filter((serial) => serial !== null));
  const relations = new Map<number, RelatedUnit['relation']>();
  const add = (unitId: number | null | undefined, relation: RelatedUnit['relation']): void => {
    if (unitId != null && unitId !== unit?.unitId && !relations.has(unitId)) relations.set(unitId, relation);
  };
  if (held !== null)
    add(database.triples.findByName(held.productId, held.deviceName)?.unitId, 'has-its-identity');
  for (const serial of scanned) {
    add(database.units.findBySerialNumber(serial)?.unitId, 'has-its-serial');
    for (const run of database.runs.listOfSerialNumber(serial)) add(run.unitId, 'has-its-serial');
  }
  const otherUnits = [...relations].flatMap(([unitId, relation]) => describe(database, unitId, relation));
  const otherSerials = [...scanned].filter((serial) => serial !== own);
  return [
    ...otherUnits,
    ...otherSerials.map((serial): RelatedUnit => ({
      relation: 'has-its-mac',
      chipId: unit?.chipId ?? null,
      unitId: unit === null ? null : unitIdOf(unit),
      serialNumber: serial,
      bound: null,
      timeline: runEntries(
        database,
        runs.filter((run) => run.serialNumber === serial),
      ),
    })),
  ];
}

function describe(
  database: ReadableDatabase,
  unitId: number,
  relation: RelatedUnit['relation'],
): RelatedUnit[] {
  const unit = database.units.findById(unitId);
  if (unit === null) return [];
  const live = database.triples.findLiveOfUnit(unitId);
  const serialNumber = unit.serialNumber ?? database.runs.listOfUnit(unitId).at(-1)?.serialNumber ?? null;
  return [
    {
      relation,
      chipId: unit.chipId,
      unitId: unitIdOf(unit),
      serialNumber,
      bound:
        live === null ? null : { productId: live.productId, deviceName: live.deviceName, state: live.state },
      timeline: unitTimeline(database, unit, null).sort((a, b) => a.atMs - b.atMs),
    },
  ];
}
