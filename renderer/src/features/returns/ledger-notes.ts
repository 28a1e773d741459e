import { NOT_PROVEN, readLedgerNote } from '#shared/domain/ledger-note.ts';
import type { Translator } from '#services/i18n/index.ts';

/** A note of the ledger in the language of the page. Other texts, such as those of an earlier version, stay as they are. */
export function ledgerNoteText(stored: string, i18n: Translator): string {
  const note = readLedgerNote(stored);
  if (note === null) return stored;
  const { unit = '', reason = '', deviceName = '' } = note.values;
  const approver = approverText(note.values['approver'] ?? '', i18n);
  return i18n.t(`returns.note.${note.code}`, { unit, reason, deviceName, approver });
}

/** The approver as the ledger stores one: the name, and whether a PIN proved it. */
function approverText(stored: string, i18n: Translator): string {
  if (!stored.endsWith(NOT_PROVEN)) return stored;
  return i18n.t('returns.note.notProven', { approver: stored.slice(0, -NOT_PROVEN.length) });
}
