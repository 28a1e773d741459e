import { unitIdOf } from '#shared/domain/unit-id.ts';
import type { RelatedUnit } from '#shared/contract/index.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { Store, UnitRow } from '../core/database/index.ts';
import { runEntries, unitTimeline } from './timeline.ts';

/**
 * Units that have a part in what is wrong with this one, each with its own history: the one whose identity it holds,
 * those that were scanned under its serial number, and what was scanned under another one with its MAC.
 */
export function relatedUnits(
  store: Store,
  unit: UnitRow | null,
  serialNumber: string | null,
  held: IdentityName | null,
): RelatedUnit[] {
  const runs = unit === null ? [] : store.runs.ofUnit(unit.unitId);
  // What was looked for last: it may be a DeviceName as well.
  const own = unit?.serialNumber ?? runs.at(-1)?.serialNumber ?? serialNumber;
  const scanned = new Set([own, ...runs.map((run) => run.serialNumber)].filter((serial) => serial !== null));
  const others = new Map<number, RelatedUnit['why']>();
  const add = (unitId: number | null | undefined, why: RelatedUnit['why']): void => {
    if (unitId != null && unitId !== unit?.unitId && !others.has(unitId)) others.set(unitId, why);
  };
  if (held !== null) add(store.triples.byName(held.productId, held.deviceName)?.unitId, 'has-its-identity');
  for (const serial of scanned) {
    add(store.units.bySerial(serial)?.unitId, 'has-its-serial');
    for (const run of store.runs.ofSerial(serial)) add(run.unitId, 'has-its-serial');
  }
  const found = [...others].flatMap(([unitId, why]) => describe(store, unitId, why));
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

function describe(store: Store, unitId: number, why: RelatedUnit['why']): RelatedUnit[] {
  const unit = store.units.byId(unitId);
  if (unit === null) return [];
  const live = store.triples.liveOf(unitId);
  const serialNumber = unit.serialNumber ?? store.runs.ofUnit(unitId).at(-1)?.serialNumber ?? null;
  return [
    {
      why,
      chipId: unit.chipId,
      unitId: unitIdOf(unit),
      serialNumber,
      bound:
        live === null ? null : { productId: live.productId, deviceName: live.deviceName, state: live.state },
      timeline: unitTimeline(store, unit, null).sort((a, b) => a.atMs - b.atMs),
    },
  ];
}
