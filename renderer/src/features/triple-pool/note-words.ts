import type { TripleNote } from '#shared/contract/index.ts';
import type { Speaker } from '../../services/i18n/index.ts';

/** Names of encodings are the same in every language. */
const ENCODINGS = {
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  gb18030: 'GB18030 (GBK, ANSI)',
} as const;

/** What a person should know of a file, in the language of the page. */
export function noteWords(say: Speaker, note: TripleNote): string {
  switch (note.kind) {
    case 'encoding':
      return say.t('triples.note.encoding', { encoding: ENCODINGS[note.encoding] });
    case 'titles':
      return say.t('triples.note.titles', { count: note.count, line: note.line });
    case 'no-header':
      return say.t('triples.note.no-header');
    case 'unused':
      return say.t('triples.note.unused', { columns: say.list(note.columns) });
    case 'bound':
      return say.t('triples.note.bound', { count: say.number(note.count), columns: say.list(note.columns) });
    case 'counted':
      return say.t('triples.note.counted', { columns: say.list(note.columns) });
    case 'rounded':
      return say.t('triples.note.rounded', { count: say.number(note.count), line: note.line });
    case 'invisible':
      return say.t('triples.note.invisible', { count: say.number(note.count) });
    case 'marks':
      return say.t('triples.note.marks', { count: say.number(note.count) });
    case 'too-long-for-at':
      return say.t('triples.note.too-long-for-at', { count: say.number(note.count), line: note.line });
    case 'end-mark':
      return say.t(note.mark === 'nul' ? 'triples.note.end-mark.nul' : 'triples.note.end-mark.ctrl-z');
  }
}

/** Notes that a person should act on; the others only say what was done. */
export function isWarning({ kind }: TripleNote): boolean {
  return kind === 'rounded' || kind === 'counted' || kind === 'too-long-for-at';
}
