import type { Paper } from '#shared/contract/index.ts';
import { breakLines } from './break-lines.ts';
import type { PdfPicture } from '../pictures/index.ts';
import { type Box, PicturePlacer } from './place-picture.ts';
import { PAPER_POINTS } from './paper.ts';
import { printable } from './printable.ts';
import type { ReportFont } from './report-font.ts';

/** Black and greys alone, so that a print without colours loses nothing; the accent prints as a dark grey. */
export const INK = {
  text: '#1a1a1a',
  muted: '#5c5c5c',
  rule: '#9a9a9a',
  faint: '#dcdcdc',
  bar: '#8aa3bd',
  accent: '#1f4e79',
};

const MARGIN = 48;
const HEAD_SIZE = 8;
/** Between the head or foot of a page and its content. */
const HEAD_SPACE = 22;
/** Height of a line, and where its letters stand, in font sizes. */
const LINE_EM = 1.4;
const BASELINE_EM = 1.06;
/** Strokes the outlines of letters, because one weight is shipped. */
const BOLD_STROKE_EM = 0.035;

export interface TextStyle {
  /** Points. */
  readonly size: number;
  readonly bold?: boolean;
  readonly color?: string;
  /** Of the line in `width`. */
  readonly align?: 'left' | 'right' | 'center';
  readonly width?: number;
}

export interface LineStyle {
  readonly width?: number;
  readonly color?: string;
  /** Lengths of dashes and gaps. */
  readonly dash?: number;
}

/** The head and foot of every page. */
export interface Running {
  readonly left: string;
  readonly right: string;
  readonly foot: string;
  pageOf(page: number, pages: number): string;
}

/** What `Sheet` draws on; `null` only measures. */
export type Surface = PDFKit.PDFDocument | null;

/**
 * Pages with a cursor, in points from the upper left corner. Texts are printed as `printable` writes them. Without a surface
 * it only breaks lines and counts pages, so that each page can say how many there are.
 */
export class Sheet {
  readonly font: ReportFont;
  readonly left = MARGIN;
  readonly right: number;
  readonly top = MARGIN + HEAD_SPACE;
  readonly bottom: number;
  /** Where the next content begins. */
  y = 0;
  readonly #surface: Surface;
  readonly #running: Running;
  readonly #size: readonly [width: number, height: number];
  readonly #pages: number;
  readonly #pictures = new PicturePlacer();
  readonly #widths = new Map<string, number>();
  #page = 0;

  /** @param pages of the whole file; any number without a surface */
  constructor(font: ReportFont, paper: Paper, running: Running, surface: Surface, pages: number) {
    this.font = font;
    this.#surface = surface;
    this.#running = running;
    this.#size = PAPER_POINTS[paper];
    this.#pages = pages;
    this.right = this.#size[0] - MARGIN;
    this.bottom = this.#size[1] - MARGIN - HEAD_SPACE;
    this.addPage();
  }

  get width(): number {
    return this.right - this.left;
  }
  /** Pages so far. */
  get page(): number {
    return this.#page;
  }
  get isAtTop(): boolean {
    return this.y <= this.top;
  }

  addPage(): void {
    this.#page += 1;
    this.#surface?.addPage({ size: [...this.#size], margin: 0 });
    const { left, right, foot, pageOf } = this.#running;
    const half = this.width / 2 - 6;
    const style = { size: HEAD_SIZE, color: INK.muted };
    const headY = MARGIN - 6;
    this.text(this.fit(left, half, HEAD_SIZE), this.left, headY, style);
    const besides = { ...style, width: half, align: 'right' } as const;
    this.text(this.fit(right, half, HEAD_SIZE), this.right - half, headY, besides);
    this.line(this.left, headY + 13, this.right, headY + 13, { width: 0.5 });
    const footY = this.#size[1] - MARGIN - 6;
    this.text(this.fit(foot, half + 80, HEAD_SIZE), this.left, footY, style);
    this.text(pageOf(this.#page, this.#pages), this.right - half, footY, besides);
    this.y = this.top;
  }

  /** Begins a page when less than `height` is left on this one. */
  ensure(height: number): void {
    if (this.y + height > this.bottom && !this.isAtTop) this.addPage();
  }

  /** One line at `x`, `y`, its upper left corner. The cursor stays. */
  text(text: string, x: number, y: number, { size, bold, color, align, width }: TextStyle): void {
    const shown = printable(text, this.font);
    if (this.#surface === null || shown === '') return;
    const own = this.widthOf(shown, size);
    const free = (width ?? own) - own;
    const at = align === 'right' ? x + free : align === 'center' ? x + free / 2 : x;
    const ink = color ?? INK.text;
    this.#surface.font('text').fontSize(size).fillColor(ink);
    if (bold === true)
      this.#surface
        .strokeColor(ink)
        .lineWidth(size * BOLD_STROKE_EM)
        .undash();
    this.#surface.text(shown, at, y + size * BASELINE_EM, {
      lineBreak: false,
      baseline: 'alphabetic',
      fill: true,
      stroke: bold === true,
    });
  }

  /** Lines of a text at `x`, `y`. Returns their height. */
  lines(lines: readonly string[], x: number, y: number, style: TextStyle): number {
    const height = style.size * LINE_EM;
    for (const [index, line] of lines.entries()) this.text(line, x, y + index * height, style);
    return lines.length * height;
  }

  /** A text from margin to margin. Moves the cursor. */
  paragraph(text: string, style: TextStyle): void {
    for (const line of this.breakText(text, this.width, style.size)) {
      this.ensure(style.size * LINE_EM);
      this.text(line, this.left, this.y, { ...style, width: this.width });
      this.y += style.size * LINE_EM;
    }
  }

  /** A heading with space for `follows` points below it on the same page; a reader finds it in the outline. */
  heading(text: string, follows: number): void {
    if (!this.isAtTop) this.y += 14;
    this.ensure(28 + follows);
    const shown = this.fit(text, this.width, 13);
    this.#surface?.outline.addItem(shown);
    this.text(shown, this.left, this.y, { size: 13, bold: true, color: INK.accent });
    this.y += 24;
  }

  /** The lines of a text in a width; at most `most` of them, of which the last one then ends with `…`. */
  breakText(text: string, width: number, size: number, most = Infinity): string[] {
    const shown = printable(text, this.font);
    const lines = breakLines(shown, width, (character) => this.widthOf(character, size));
    if (lines.length <= most) return lines;
    return [...lines.slice(0, most - 1), this.fit(`${lines[most - 1] ?? ''} …`, width, size)];
  }

  /** The text, or as much of it as there is space for, with `…`. */
  fit(text: string, width: number, size: number): string {
    const shown = printable(text, this.font);
    if (this.widthOf(shown, size) <= width) return shown;
    let kept = '';
    let used = this.widthOf('…', size);
    for (const character of shown) {
      used += this.widthOf(character, size);
      if (used > width) break;
      kept += character;
    }
    return `${kept.trimEnd()}…`;
  }

  widthOf(text: string, size: number): number {
    let ems = 0;
    for (const character of text) {
      let own = this.#widths.get(character);
      if (own === undefined) {
        own = this.font.widthEm(character.codePointAt(0) ?? 0);
        this.#widths.set(character, own);
      }
      ems += own;
    }
    return ems * size;
  }

  line(x1: number, y1: number, x2: number, y2: number, style: LineStyle = {}): void {
    this.polyline([[x1, y1], [x2, y2]], style); // prettier-ignore
  }

  polyline(points: readonly (readonly [x: number, y: number])[], style: LineStyle = {}): void {
    const surface = this.#surface;
    const [first, ...rest] = points;
    if (surface === null || first === undefined) return;
    const { width = 0.75, color = INK.rule, dash } = style;
    surface.lineWidth(width).strokeColor(color);
    if (dash === undefined) surface.undash();
    else surface.dash(dash, { space: dash });
    surface.moveTo(...first);
    for (const point of rest) surface.lineTo(...point);
    surface.stroke();
  }

  rect(x: number, y: number, width: number, height: number, fill: string): void {
    this.#surface?.rect(x, y, width, height).fill(fill);
  }

  frame(
    x: number,
    y: number,
    width: number,
    height: number,
    { width: line = 0.5, color = INK.rule }: LineStyle = {},
  ): void {
    this.#surface?.lineWidth(line).strokeColor(color).undash().rect(x, y, width, height).stroke();
  }

  /** A picture as large as the box allows. The cursor stays. */
  picture(picture: PdfPicture, box: Box): void {
    if (this.#surface !== null) this.#pictures.place(this.#surface, picture, box);
  }

  /** Closed loops as one shape, filled even-odd. */
  shape(loops: Iterable<readonly (readonly [x: number, y: number])[]>): void {
    const surface = this.#surface;
    if (surface === null) return;
    for (const [first, ...rest] of loops) {
      if (first === undefined) continue;
      surface.moveTo(...first);
      for (const point of rest) surface.lineTo(...point);
      surface.closePath();
    }
    surface.fill('black', 'even-odd');
  }
}
