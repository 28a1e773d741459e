import type { PlainMessageKey } from '#services/i18n/index.ts';

/** The notes that the station writes into the ledger, by the text that is stored. */
export const LEDGER_NOTES: ReadonlyMap<string, PlainMessageKey> = new Map([
  ['next of the pool', 'returns.note.next'],
  ['for this unit alone', 'returns.note.reserved'],
  ['new', 'returns.note.new'],
  ['unwritten', 'returns.note.unwritten'],
  ['erased', 'returns.note.erased'],
  ['wrong-secret', 'returns.note.wrongSecret'],
  ['replacing', 'returns.note.replacing'],
  ['unproven', 'returns.note.unproven'],
  ['found on the device', 'returns.note.found'],
  ['the device holds it already', 'returns.note.held'],
  ['read back (full)', 'returns.note.readFull'],
  ['read back (bcc8)', 'returns.note.readChecksum'],
  ['read back (none)', 'returns.note.readName'],
  ['written, but the device could not be read back', 'returns.note.silent'],
  ['read back: the name is right, the secret is not', 'returns.note.readWrongSecret'],
  ['read back: the device holds nothing', 'returns.note.readNothing'],
  ['read back: the device still holds what it held before', 'returns.note.readOld'],
  ['read back: the device holds another identity', 'returns.note.readOther'],
  ['the end of writing was not recorded', 'returns.note.noEnd'],
  ['the station stopped while it was being written', 'returns.note.stopped'],
  ['this device cannot take it', 'returns.note.unfit'],
  ['given back to the registry', 'returns.note.givenBack'],
  ['acknowledged by the registry', 'returns.note.acknowledged'],
] satisfies [string, PlainMessageKey][]);

/** The words of a note of the ledger. `null` for other texts, such as the reason of a person: these are shown as they are. */
export function ledgerNoteKey(note: string): PlainMessageKey | null {
  return LEDGER_NOTES.get(note) ?? null;
}
