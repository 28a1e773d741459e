import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Block, CHAPTERS, type Inline, textOf } from '#shared/manual/chapter.ts';
import { LANGUAGES, type Language } from '#services/i18n/index.ts';
import { readChapter } from '../../scripts/vite/read-chapter.ts';
import { ALL_WORDS } from './support/words.ts';

/** The texts of a block that are set in bold. */
function boldOf(block: Block): string[] {
  const of = (inlines: readonly Inline[]): string[] =>
    inlines.flatMap((inline) =>
      inline.kind === 'strong' ? [textOf(inline.inlines)] : 'inlines' in inline ? of(inline.inlines) : [],
    );
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return of(block.inlines);
    case 'list':
      return block.items.flat().flatMap(boldOf);
    case 'table':
      return [block.head, ...block.rows].flat().flatMap(of);
    case 'note':
      return block.blocks.flatMap(boldOf);
    case 'code':
    case 'picture':
      return [];
  }
}

function boldIn(language: Language, name: string): string[] {
  const file = join(import.meta.dirname, '../../manual', language, `${name}.md`);
  return readChapter(readFileSync(file, 'utf8'), file).chapter.blocks.flatMap(boldOf);
}

/** The keys of the words that are exactly this text. The three dots of a button that opens a dialog may be left out. */
function keysOf(language: Language, text: string): string[] {
  const plain = (words: string): string => words.replace(/…$/, '');
  return Object.entries(ALL_WORDS[language])
    .filter(([, words]) => plain(words) === plain(text))
    .map(([key]) => key);
}

describe('what the manual sets in bold', () => {
  it.each(CHAPTERS)('stands on a page with exactly these words, the same in both languages: %s', (name) => {
    const bold = Object.fromEntries(
      LANGUAGES.map((language) => [language, boldIn(language, name)]),
    ) as Record<Language, string[]>;
    const missing = LANGUAGES.flatMap((language) =>
      bold[language]
        .filter((text) => keysOf(language, text).length === 0)
        .map((text) => `${language}: ${text}`),
    );
    expect(missing).toEqual([]);
    expect(bold.en.length).toBe(bold['zh-CN'].length);
    const different = bold.en.filter((text, index) => {
      const chinese = keysOf('zh-CN', bold['zh-CN'][index] ?? '');
      return !keysOf('en', text).some((key) => chinese.includes(key));
    });
    expect(different).toEqual([]);
  });

  it('is found only as it is written', () => {
    expect(keysOf('en', 'Send now').length).toBeGreaterThan(0);
    expect(keysOf('en', 'send now')).toEqual([]);
    expect(keysOf('en', 'Send now again')).toEqual([]);
    expect(CHAPTERS.flatMap((name) => boldIn('en', name)).length).toBeGreaterThan(20);
  });
});
