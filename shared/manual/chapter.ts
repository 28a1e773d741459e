/** A chapter of the manual as data, which pages show without HTML (docs/adr/0064). */
export interface Chapter {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly inlines: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly inlines: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  | {
      readonly kind: 'table';
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'note'; readonly blocks: readonly Block[] }
  /** `src` is the address of the picture. */
  | { readonly kind: 'picture'; readonly src: string; readonly alt: string };

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'strong'; readonly inlines: readonly Inline[] }
  /** A key, a command or another text that is written as it stands. */
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'chapter'; readonly chapter: string; readonly inlines: readonly Inline[] };

/** The chapters in the order of the manual; each is a file of both languages. */
export const CHAPTERS = [
  'first-day',
  'line',
  'returns',
  'setup',
  'triples',
  'firmware',
  'flashing',
  'recipes',
  'labels',
  'batches',
  'runs',
  'certificates',
  'users',
  'station',
  'sync',
] as const;
export type ChapterName = (typeof CHAPTERS)[number];

export function isChapterName(text: unknown): text is ChapterName {
  return CHAPTERS.some((name) => name === text);
}

/** All text of a chapter, for a search. */
export function textOfChapter({ title, blocks }: Chapter): string {
  return [title, ...blocks.map(textOfBlock)].join('\n');
}

function textOfBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return textOf(block.inlines);
    case 'list':
      return block.items.flat().map(textOfBlock).join('\n');
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(textOf).join(' ')).join('\n');
    case 'code':
      return block.text;
    case 'note':
      return block.blocks.map(textOfBlock).join('\n');
    case 'picture':
      return block.alt;
  }
}

export function textOf(inlines: readonly Inline[]): string {
  return inlines.map((inline) => ('inlines' in inline ? textOf(inline.inlines) : inline.text)).join('');
}
