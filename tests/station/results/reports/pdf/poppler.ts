import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { PATIENCE_MS } from '../../../../support/patience.ts';

/** Poppler, another program, reads the PDFs. It is installed by the project's own scripts. */
function run(tool: string, args: readonly string[]): string {
  return execFileSync(tool, args, { encoding: 'utf8', timeout: PATIENCE_MS, maxBuffer: 100_000_000 });
}

/** The text of each page; a column of a table stays beside its neighbours. */
export function pagesOf(path: string): string[] {
  return run('pdftotext', ['-layout', path, '-']).split('\f').slice(0, -1);
}

/** The text in the order of drawing, with each run of spaces and line ends as one space. */
export function textOf(path: string): string {
  return run('pdftotext', ['-raw', path, '-']).replace(/\s+/g, ' ');
}

/** Values of `pdfinfo` by their names. */
export function infoOf(path: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    run('pdfinfo', [path])
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
}

/** Width, height and coding of each picture of a PDF. */
export function picturesIn(path: string): string[] {
  const rows = run('pdfimages', ['-list', path]).trim().split('\n').slice(2);
  return rows.map((row) => {
    const [, , , width, height, , , , coding] = row.trim().split(/\s+/);
    return `${width} ${height} ${coding}`;
  });
}

/** The first page as red, green and blue of each dot. */
export function dotsOf(path: string, dpi: number): { readonly width: number; readonly dots: Buffer } {
  run('pdftoppm', ['-r', String(dpi), '-singlefile', path, path]);
  const file = readFileSync(`${path}.ppm`);
  const [head = '', width] = /^P6\s(\d+)\s\d+\s\d+\s/.exec(file.toString('latin1', 0, 40)) ?? [];
  return { width: Number(width), dots: file.subarray(head.length) };
}

/** A file that is attached to a PDF. */
export function readAttachment(path: string, name: string): Buffer {
  run('pdfdetach', ['-savefile', name, '-o', `${path}.attached`, path]);
  return readFileSync(`${path}.attached`);
}

/** Rows of `pdffonts`: true when each font is embedded, a subset, and has its characters as Unicode. */
export function hasOnlyEmbeddedFonts(path: string): boolean {
  const rows = run('pdffonts', [path]).trim().split('\n').slice(2);
  return rows.length > 0 && rows.every((row) => / yes yes yes /.test(row));
}

export interface Word {
  readonly page: number;
  readonly text: string;
  readonly xMin: number;
  readonly yMin: number;
  readonly xMax: number;
  readonly yMax: number;
}

/** The words of all pages with their places in points. */
export function wordsOf(path: string): Word[] {
  const pages = run('pdftotext', ['-bbox', path, '-']).split('<page ').slice(1);
  return pages.flatMap((text, page) =>
    [...text.matchAll(/<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)<\/word>/g)].map(
      ([, xMin, yMin, xMax, yMax, word]) => ({
        page,
        text: word ?? '',
        xMin: Number(xMin),
        yMin: Number(yMin),
        xMax: Number(xMax),
        yMax: Number(yMax),
      }),
    ),
  );
}

/** Pairs of words of which one covers a part of the other. The boxes are cut to the height of the letters. */
export function overlapsOf(words: readonly Word[]): string[] {
  const boxes = words.map((word) => {
    const height = word.yMax - word.yMin;
    return { ...word, yMin: word.yMin + height * 0.25, yMax: word.yMax - height * 0.25 };
  });
  const sorted = boxes.toSorted((a, b) => a.page - b.page || a.yMin - b.yMin);
  return sorted.flatMap((a, index) => {
    const found: string[] = [];
    for (const b of sorted.slice(index + 1)) {
      if (b.page !== a.page || b.yMin >= a.yMax) break;
      if (b.xMin < a.xMax - 0.5 && a.xMin < b.xMax - 0.5)
        found.push(`page ${a.page + 1}: "${a.text}" and "${b.text}"`);
    }
    return found;
  });
}
