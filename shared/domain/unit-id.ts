import { formatChipId } from './triple.ts';

/** The kinds of unit identifiers: network address, chip number, or the number that the maker gave the device. */
export const UNIT_ID_KINDS = ['mac', 'chip-id', 'serial-number'] as const;
export type UnitIdKind = (typeof UNIT_ID_KINDS)[number];

/** An identifier for display: its kind and its text. */
export interface UnitId {
  readonly kind: UnitIdKind;
  readonly text: string;
}

/** A stored identifier. `idKind` and `idText` are null in records of older versions. */
export interface StoredUnitId {
  readonly chipId: string;
  readonly idKind?: UnitIdKind | null | undefined;
  /** As the unit reported it, if `chipId` is only derived from it. */
  readonly idText?: string | null | undefined;
}

/** A MAC has 6 bytes, one of 802.15.4 has 8 (EUI-64). */
const MAC = /^(?:[0-9A-F]{12}|[0-9A-F]{16})$/;

export function unitIdOf({ chipId, idKind, idText }: StoredUnitId): UnitId {
  const kind = idKind ?? (MAC.test(chipId) ? 'mac' : 'chip-id');
  return { kind, text: kind === 'serial-number' ? (idText ?? chipId) : formatChipId(chipId) };
}

/** As `unitIdOf`; `null` for a run that ended before its unit was identified. */
export function unitIdOrNull(
  kept: Omit<StoredUnitId, 'chipId'> & { readonly chipId: string | null },
): UnitId | null {
  const { chipId } = kept;
  return chipId === null ? null : unitIdOf({ ...kept, chipId });
}

/** The value of fields named `mac`, which also hold chip ids for compatibility; serial numbers have their own field. */
export function macOrNull(id: UnitId | null): string | null {
  return id === null || id.kind === 'serial-number' ? null : id.text;
}

/** English, for terminals and labels. */
export const UNIT_ID_WORDS: Readonly<Record<UnitIdKind, string>> = {
  mac: 'MAC',
  'chip-id': 'chip id',
  'serial-number': "device's serial number",
};
