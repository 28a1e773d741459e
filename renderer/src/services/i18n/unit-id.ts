import { type UnitId, unitIdOrNull } from '#shared/domain/unit-id.ts';

/** What a unit goes by, to be shown with its kind; null when it never said. */
export function shownId(unit: {
  readonly chipId: string | null;
  readonly unitId?: UnitId | null | undefined;
}): UnitId | null {
  return unit.unitId ?? unitIdOrNull(unit);
}
