import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { BurnDecision } from '#shared/domain/burn-decision.ts';
import { LEDGER_NOTES, ledgerNote, type LedgerNoteCode, readLedgerNote } from '#shared/domain/ledger-note.ts';
import { ledgerNoteText } from '../../renderer/src/features/returns/ledger-notes.ts';
import { translatorOf } from './support/words.ts';

const ROOT = join(import.meta.dirname, '../..');
const CODES = Object.keys(LEDGER_NOTES) as LedgerNoteCode[];
const VALUES = { unit: '7CDF', deviceName: 'dev_1', reason: '报废', approver: '刘, not proven' };

it('every note of the ledger has words in both languages, and a Chinese page shows no English one', () => {
  for (const code of CODES) {
    const zh = ledgerNoteText(ledgerNote(code, VALUES), translatorOf('zh-CN'));
    const withoutValues = zh.replace('7CDF', '').replace('dev_1', '');
    // Digests have no other name in Chinese.
    expect(withoutValues.replace(/SHA-256|CRC-32|MD5/, '')).not.toMatch(/[A-Za-z{]{3,}/);
    expect(ledgerNoteText(ledgerNote(code, VALUES), translatorOf('en'))).not.toMatch(/returns\.|\{/);
  }
});

it('shows the text of an earlier version as it is', () => {
  expect(ledgerNoteText('put back by hand', translatorOf('zh-CN'))).toBe('put back by hand');
});

it('the station writes no other notes', async () => {
  const texts = new Set<string>(Object.values(LEDGER_NOTES));
  const literal = /\b(?:note|mark\(\w+,)\s*[:=]?\s*['`]([^'`]+)['`]/g;
  const unknown: string[] = [];
  for await (const path of glob(
    'station/{identity,returns,execution/verbs,administration/recovery}/**/*.ts',
    {
      cwd: ROOT,
    },
  )) {
    const source = await readFile(join(ROOT, path), 'utf8');
    for (const [, text = ''] of source.matchAll(literal))
      if (!texts.has(text)) unknown.push(`${path}: ${text}`);
  }
  expect(unknown).toEqual([]);
});

type Because = Exclude<Extract<BurnDecision, { because: unknown }>['because'], 'other-serial'>;
/** Every reason of a decision to burn or to stop that reaches the ledger. */
const REASONS: Readonly<Record<Because, true>> = {
  unwritten: true,
  erased: true,
  'wrong-secret': true,
  replacing: true,
  'held-by-other-unit': true,
  'retired-triple-on-device': true,
  'pool-triple-on-device': true,
  foreign: true,
  'holds-other': true,
};

it.each(Object.keys(REASONS))('the reason "%s" of a decision is a note', (reason) => {
  expect(readLedgerNote(reason)).not.toBeNull();
});
