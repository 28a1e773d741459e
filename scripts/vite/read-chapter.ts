import { lexer, type Token, type Tokens } from 'marked';
import { type Block, type Chapter, type Inline, isChapterName } from '../../shared/manual/chapter.ts';

/** A chapter and the files of its pictures, relative to its own file. */
export interface ReadChapter {
  readonly chapter: Chapter;
  readonly pictures: readonly string[];
}

/**
 * Reads a chapter from Markdown. It has one title, headings of two levels, paragraphs, lists, tables, notes, code, pictures
 * on a line of their own, and links to other chapters. Throws an `Error` with the file for everything else: HTML, links to
 * elsewhere, a chapter that does not exist.
 */
export function readChapter(markdown: string, file: string): ReadChapter {
  const pictures: string[] = [];
  const refuse = (what: string): never => {
    throw new Error(`${file}: ${what}`);
  };

  function inlinesOf(tokens: readonly Token[] = []): Inline[] {
    return tokens.flatMap((token): Inline[] => {
      switch (token.type) {
        case 'text':
        case 'escape': {
          const { tokens: inner } = token as Tokens.Text;
          if (inner !== undefined) return inlinesOf(inner);
          const text = plain(token.text as string);
          // Markdown reads no mark between a punctuation mark and a Chinese character.
          return text.includes('**') ? refuse(`"**" marks nothing in: ${text}`) : [{ kind: 'text', text }];
        }
        case 'strong':
          return [{ kind: 'strong', inlines: inlinesOf(token.tokens) }];
        case 'codespan':
          return [{ kind: 'code', text: plain(token.text as string) }];
        case 'br':
          return [{ kind: 'text', text: '\n' }];
        case 'link': {
          const chapter = /^([a-z-]+)\.md$/.exec(token.href as string)?.[1];
          if (!isChapterName(chapter)) return refuse(`the link ${token.href as string} leads to no chapter`);
          return [{ kind: 'chapter', chapter, inlines: inlinesOf(token.tokens) }];
        }
        default:
          return refuse(`a text has ${token.type}: ${token.raw.trim()}`);
      }
    });
  }

  function blockOf(token: Token): Block[] {
    switch (token.type) {
      case 'space':
        return [];
      case 'heading':
        if (token.depth !== 2 && token.depth !== 3)
          return refuse(`a heading of level ${token.depth as number}`);
        return [{ kind: 'heading', level: token.depth, inlines: inlinesOf(token.tokens) }];
      case 'paragraph': {
        const [first, ...more] = token.tokens ?? [];
        if (first?.type !== 'image') return [{ kind: 'paragraph', inlines: inlinesOf(token.tokens) }];
        if (more.length > 0) return refuse('a picture is not on a line of its own');
        pictures.push(first.href as string);
        return [{ kind: 'picture', src: first.href as string, alt: plain(first.text as string) }];
      }
      case 'text':
        return [{ kind: 'paragraph', inlines: inlinesOf([token]) }];
      case 'list': {
        const { ordered, items } = token as Tokens.List;
        return [{ kind: 'list', ordered, items: items.map((item) => item.tokens.flatMap(blockOf)) }];
      }
      case 'table': {
        const { header, rows } = token as Tokens.Table;
        const cells = (row: readonly Tokens.TableCell[]): Inline[][] =>
          row.map((cell) => inlinesOf(cell.tokens));
        return [{ kind: 'table', head: cells(header), rows: rows.map(cells) }];
      }
      case 'code':
        return [{ kind: 'code', text: token.text as string }];
      case 'blockquote':
        return [{ kind: 'note', blocks: (token.tokens ?? []).flatMap(blockOf) }];
      default:
        return refuse(`it has ${token.type}: ${token.raw.trim()}`);
    }
  }

  const [first, ...rest] = lexer(markdown.replaceAll('\r\n', '\n'));
  if (first?.type !== 'heading' || first.depth !== 1) return refuse('it does not begin with its title (# …)');
  const title = (first.text as string).trim();
  return { chapter: { title, blocks: rest.flatMap(blockOf) }, pictures };
}

/** marked leaves entities as they are written. The manual uses these only where Markdown would read a sign. */
function plain(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
