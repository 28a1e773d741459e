import type { TripleNote } from '#shared/contract/index.ts';
import type { Translator } from '#services/i18n/index.ts';

/** Names of encodings are the same in every language. */
const ENCODINGS = {
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  gb18030: 'GB18030 (GBK, ANSI)',
} as const;

/** A note about a file, in the language of the page. */
export function formatNote(i18n: Translator, note: TripleNote): string {
  switch (note.kind) {
    case 'encoding':
      return i18n.t('triples.note.encoding', { encoding: ENCODINGS[note.encoding] });
    case 'titles':
      return i18n.t('triples.note.titles', { count: note.count, line: note.line });
    case 'no-header':
      return i18n.t('triples.note.no-header');
    case 'unused':
      return i18n.t('triples.note.unused', { columns: i18n.list(note.columns) });
    case 'bound':
      return i18n.t('triples.note.bound', {
        count: i18n.number(note.count),
        columns: i18n.list(note.columns),
      });
    case 'counted':
      return i18n.t('triples.note.counted', { columns: i18n.list(note.columns) });
    case 'rounded':
      return i18n.t('triples.note.rounded', { count: i18n.number(note.count), line: note.line });
    case 'invisible':
      return i18n.t('triples.note.invisible', { count: i18n.number(note.count) });
    case 'marks':
      return i18n.t('triples.note.marks', { count: i18n.number(note.count) });
    case 'too-long-for-at':
      return i18n.t('triples.note.too-long-for-at', { count: i18n.number(note.count), line: note.line });
    case 'end-mark':
      return i18n.t(note.mark === 'nul' ? 'triples.note.end-mark.nul' : 'triples.note.end-mark.ctrl-z');
  }
}

/** Notes that require an action; the others only report what was done. */
export function isWarning({ kind }: TripleNote): boolean {
  return kind === 'rounded' || kind === 'counted' || kind === 'too-long-for-at';
}
