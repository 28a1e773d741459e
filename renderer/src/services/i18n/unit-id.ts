import { type UnitId, unitIdOrNull } from '#shared/domain/unit-id.ts';

/** The identifier of a unit with its kind; `null` when the unit did not report one. */
export function shownId(unit: {
  readonly chipId: string | null;
  readonly unitId?: UnitId | null | undefined;
}): UnitId | null {
  return unit.unitId ?? unitIdOrNull(unit);
}
