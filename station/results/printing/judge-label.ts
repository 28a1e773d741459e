import type { OldLabel } from '#shared/contract/index.ts';
import { readLedgerNote } from '#shared/domain/ledger-note.ts';
import { decodeLabelText, unitNameCandidates } from '#shared/domain/scan/index.ts';
import type { ReadableDatabase, TripleRow } from '../../core/database/index.ts';

/** What a scanned label is, seen from the unit in front of the scanner. */
export type LabelVerdict =
  /** It shows the identity that the unit has. */
  | { readonly kind: 'own'; readonly deviceName: string }
  /** It shows an identity that is no longer live; `isOfUnit`: one that this unit had. `because` as support wrote it. */
  | {
      readonly kind: 'old';
      readonly deviceName: string;
      readonly isOfUnit: boolean;
      readonly sinceMs: number;
      readonly because: string;
      readonly serialNumber: string | null;
    }
  /** It shows the identity of another unit. `isOnItsUnit`: there it was scanned, so that two labels of it exist. */
  | {
      readonly kind: 'other-unit';
      readonly deviceName: string;
      readonly serialNumber: string | null;
      readonly isOnItsUnit: boolean;
    }
  /** A person declared every label of this identity void that was printed. */
  | { readonly kind: 'void'; readonly deviceName: string; readonly sinceMs: number; readonly because: string }
  /** No label of a unit, or of an identity that this station does not know. */
  | { readonly kind: 'unknown' };

/**
 * Judges a scanned text against the records.
 *
 * @param unitId the unit in front of the scanner; `null` when there is none
 */
export function judgeLabel(database: ReadableDatabase, text: string, unitId: number | null): LabelVerdict {
  const triple = tripleOf(database, text);
  if (triple?.unitId == null) return { kind: 'unknown' };
  const { deviceName } = triple;
  const serialNumber = database.units.findById(triple.unitId)?.serialNumber ?? null;
  if (triple.state === 'retired') {
    const event = database.triples.listHistory(triple.tripleId).findLast((one) => one.event === 'retire');
    const note = event === undefined ? null : readLedgerNote(event.note);
    return {
      kind: 'old',
      deviceName,
      isOfUnit: triple.unitId === unitId,
      sinceMs: event?.at ?? 0,
      because: note?.values['reason'] ?? event?.note ?? '',
      serialNumber,
    };
  }
  const prints = database.labelPrints.listOfTriple(triple.tripleId);
  const voided = prints.filter(({ voidAtMs }) => voidAtMs !== null);
  const last = voided.at(-1);
  if (last !== undefined && voided.length === prints.length)
    return { kind: 'void', deviceName, sinceMs: last.voidAtMs ?? 0, because: last.voidReason ?? '' };
  if (triple.unitId === unitId) return { kind: 'own', deviceName };
  return {
    kind: 'other-unit',
    deviceName,
    serialNumber,
    isOnItsUnit: prints.some(({ scannedAtMs }) => scannedAtMs !== null),
  };
}

/**
 * The identity that a text names: the code of a label, or, of a label by a template, a DeviceName or a serial number. A serial
 * number stands for the present identity of its unit.
 */
function tripleOf(database: ReadableDatabase, text: string): TripleRow | null {
  const code = decodeLabelText(text);
  if (code !== null) return database.triples.findByName(code.productId, code.deviceName);
  for (const name of unitNameCandidates(text)) {
    const [named] = database.triples.listByDeviceName(name);
    if (named !== undefined) return named;
    const unit = database.units.findBySerialNumber(name);
    const live = unit === null ? null : database.triples.findLiveOfUnit(unit.unitId);
    if (live !== null) return live;
  }
  return null;
}

/** The label that a scanned text is when it is valid no more; `null` for every other text. */
export function oldLabelOf(database: ReadableDatabase, text: string): OldLabel | null {
  // A serial number alone names no identity.
  if (decodeLabelText(text) === null) return null;
  const verdict = judgeLabel(database, text, null);
  if (verdict.kind !== 'old' && verdict.kind !== 'void') return null;
  const { deviceName, sinceMs, because } = verdict;
  return { deviceName, sinceMs, because };
}
