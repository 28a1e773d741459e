/**
 * The notes that the station writes into the history of a triple: a closed list of codes with their English text, which is
 * stored. Pages read the code back from the text, and have words for each code in each language. A stored text is never
 * changed here, because the records of earlier versions contain it: another text gets another code.
 */
export const LEDGER_NOTES = {
  next: 'next of the pool',
  reserved: 'for this unit alone',
  new: 'new',
  unwritten: 'unwritten',
  erased: 'erased',
  wrongSecret: 'wrong-secret',
  replacing: 'replacing',
  unproven: 'unproven',
  found: 'found on the device',
  held: 'the device holds it already',
  readFull: 'read back (full)',
  readChecksum: 'read back (bcc8)',
  readSha256: 'read back (sha256)',
  readMd5: 'read back (md5)',
  readCrc32: 'read back (crc32)',
  readNameUnsure: 'read back (name), and the write did not succeed',
  readNameOnly: 'read back (name)',
  readName: 'read back (none)',
  silent: 'written, but the device could not be read back',
  otherUnit: 'read back from another unit ({unit})',
  readWrongSecret: 'read back: the name is right, the secret is not',
  readNothing: 'read back: the device holds nothing',
  readOld: 'read back: the device still holds what it held before',
  readOther: 'read back: the device holds another identity',
  noEnd: 'the end of writing was not recorded',
  stopped: 'the station stopped while it was being written',
  unfit: 'this device cannot take it',
  givenBack: 'given back to the registry',
  notTakenBack: 'the registry did not take it back: {reason}',
  acknowledged: 'acknowledged by the registry',
  registry: 'the registry: {reason}',
  heldByOther: 'held-by-other-unit',
  retiredOnUnit: 'retired-triple-on-device',
  pooledOnUnit: 'pool-triple-on-device',
  foreign: 'foreign',
  holdsOther: 'holds-other',
  sameSecret: 'its secret is that of {deviceName}',
  restored: 'restored from a backup: what became of it afterwards is not known ({reason})',
  keyless: 'restored without the key of its secret ({reason})',
  keep: 'keep: {reason} (approved by {approver})',
  keepAgain: 'keep: {reason} (approved by {approver}), and it could not log in',
  reissue: 'reissue: {reason} (approved by {approver})',
  reissueAgain: 'reissue: {reason} (approved by {approver}), and it could not log in',
  retire: 'retire: {reason} (approved by {approver})',
  writtenOff: 'written off: {reason} (approved by {approver})',
} as const satisfies Record<string, string>;

export type LedgerNoteCode = keyof typeof LEDGER_NOTES;
export type LedgerNoteValues = Readonly<Record<string, string>>;

export interface LedgerNote {
  readonly code: LedgerNoteCode;
  readonly values: LedgerNoteValues;
}

/** Behind the name of an approver who gave no PIN of their own. */
export const NOT_PROVEN = ', not proven';

const PLACEHOLDER = /\{(\w+)\}/;
const CODES = Object.keys(LEDGER_NOTES) as LedgerNoteCode[];

/** The text of a note, as the ledger stores it. A name without a value stays as it is. */
export function ledgerNote(code: LedgerNoteCode, values: LedgerNoteValues = {}): string {
  const parts = LEDGER_NOTES[code].split(PLACEHOLDER);
  return parts.map((part, at) => (at % 2 === 0 ? part : (values[part] ?? `{${part}}`))).join('');
}

/** The note of a stored text; `null` for a text of another version or of a person, which is shown as it is. */
export function readLedgerNote(text: string): LedgerNote | null {
  for (const code of CODES) {
    const values = match(LEDGER_NOTES[code], text);
    if (values !== null) return { code, values };
  }
  return null;
}

/** The values of a text with a template's literal parts. A value has at least one character. */
function match(template: string, text: string): LedgerNoteValues | null {
  const [first = '', ...rest] = template.split(PLACEHOLDER);
  if (rest.length === 0) return text === first ? {} : null;
  if (!text.startsWith(first)) return null;
  const values: Record<string, string> = {};
  let at = first.length;
  for (let index = 0; index < rest.length; index += 2) {
    const [name = '', literal = ''] = rest.slice(index, index + 2);
    const isLast = index + 2 >= rest.length;
    // The text of a person may contain a literal part: the last place counts.
    const end = isLast && literal === '' ? text.length : text.lastIndexOf(literal);
    const isWhole = !isLast || end + literal.length === text.length;
    if (end <= at || !isWhole) return null;
    values[name] = text.slice(at, end);
    at = end + literal.length;
  }
  return values;
}
