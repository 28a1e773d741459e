import { expect, it } from 'vitest';
import { LEDGER_NOTES, ledgerNote, type LedgerNoteCode, readLedgerNote } from '#shared/domain/ledger-note.ts';

const CODES = Object.keys(LEDGER_NOTES) as LedgerNoteCode[];
const VALUES = {
  unit: '7CDFA1B0C405',
  deviceName: 'dev_1',
  reason: 'fell (approved by nobody): twice',
  approver: 'Liu, not proven',
};

it.each(CODES)('the note "%s" is read back as it was written', (code) => {
  const names = Object.keys(VALUES).filter((name) => LEDGER_NOTES[code].includes(`{${name}}`));
  const values = Object.fromEntries(Object.entries(VALUES).filter(([name]) => names.includes(name)));
  expect(readLedgerNote(ledgerNote(code, values))).toEqual({ code, values });
});

it('leaves other texts alone', () => {
  for (const text of [
    '',
    'a reason of a person',
    'its secret is that of ',
    'keep: nothing more',
    'next of the pool!',
  ])
    expect(readLedgerNote(text)).toBeNull();
});
