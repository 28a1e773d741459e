import { formatChipId } from './triple.ts';

/** What a unit goes by: the address of its network interface, the number of its chip, or what its maker printed on it. */
export const UNIT_ID_KINDS = ['mac', 'chip-id', 'serial-number'] as const;
export type UnitIdKind = (typeof UNIT_ID_KINDS)[number];

/** An identifier to be shown: its kind, and the text that people know it by. */
export interface UnitId {
  readonly kind: UnitIdKind;
  readonly text: string;
}

/** What is kept of a unit's identifier. `kind` and `said` are null in records from before kinds were kept. */
export interface StoredUnitId {
  readonly chipId: string;
  readonly idKind?: UnitIdKind | null | undefined;
  /** As the unit said it, where `chipId` is only a form of it. */
  readonly idText?: string | null | undefined;
}

/** A MAC has 6 bytes, one of 802.15.4 has 8 (EUI-64). */
const MAC = /^(?:[0-9A-F]{12}|[0-9A-F]{16})$/;

export function unitIdOf({ chipId, idKind, idText }: StoredUnitId): UnitId {
  const kind = idKind ?? (MAC.test(chipId) ? 'mac' : 'chip-id');
  return { kind, text: kind === 'serial-number' ? (idText ?? chipId) : formatChipId(chipId) };
}

/** The same of what may have no unit: a run that ended before its unit said who it is. */
export function unitIdOrNull(
  kept: Omit<StoredUnitId, 'chipId'> & { readonly chipId: string | null },
): UnitId | null {
  const { chipId } = kept;
  return chipId === null ? null : unitIdOf({ ...kept, chipId });
}

/** Of old: a field for MACs also held chip ids. A serial number has a field of its own. */
export function macOrNull(id: UnitId | null): string | null {
  return id === null || id.kind === 'serial-number' ? null : id.text;
}

/** English, for terminals and labels. */
export const UNIT_ID_WORDS: Readonly<Record<UnitIdKind, string>> = {
  mac: 'MAC',
  'chip-id': 'chip id',
  'serial-number': "device's serial number",
};
