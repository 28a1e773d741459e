import type { DrawnText, Turn } from './drawing.ts';
import { mmToDots } from './drawing.ts';
import { smallestSizeDots, type Face } from './fonts/face.ts';

export const LINE_HEIGHT_EM = 1.2;

/** Lines are broken before the text becomes smaller than this. */
export const READABLE_TEXT_MM = 1.6;

export interface TextFit {
  /** The em. */
  readonly sizeDots: number;
  /** Lines as they are drawn; a broken line is several. */
  readonly pieces: readonly string[];
}

export interface TextSpace {
  readonly widthDots: number;
  readonly heightDots: number;
  readonly largestMm: number;
  readonly smallestMm: number;
  readonly dpi: number;
  readonly breakLines: boolean;
}

/**
 * The largest text that fits; null when the smallest does not fit. Lines that are broken are broken as seldom as they can be in a
 * size that is read well: a number in two halves is worse than smaller letters.
 */
export function fitText(lines: readonly string[], face: Face, space: TextSpace): TextFit | null {
  const { widthDots, heightDots, largestMm, smallestMm, dpi, breakLines } = space;
  const measured = lines.map((line) => measure(line, face));
  const smallest = Math.max(mmToDots(smallestMm, dpi), smallestSizeDots(face));
  const piecesAt = (size: number): string[] => measured.flatMap((line) => breakLine(line, widthDots / size));
  const readable = Math.max(smallest, mmToDots(Math.min(READABLE_TEXT_MM, largestMm), dpi));
  const mostPieces = breakLines ? piecesAt(readable).length : lines.length;
  const fits = (size: number): boolean => {
    const pieces = piecesAt(size);
    if (pieces.length > mostPieces || pieces.includes('')) return false;
    return pieces.length * lineDots(size) <= heightDots;
  };
  // A smaller text has not more pieces, and each is not higher: what fits is found by halving.
  let [least, most] = [smallest, mmToDots(largestMm, dpi)];
  if (least > most || !fits(least)) return null;
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(middle)) least = middle;
    else most = middle - 1;
  }
  return { sizeDots: least, pieces: piecesAt(least) };
}

/** The characters of a line with their widths in ems. */
interface MeasuredLine {
  readonly characters: readonly string[];
  readonly advances: readonly number[];
}

function measure(line: string, face: Face): MeasuredLine {
  const characters = [...line];
  return {
    characters,
    advances: characters.map((character) => face.advanceEm(character.codePointAt(0) ?? 0)),
  };
}

/** Height of one line. */
export function lineDots(sizeDots: number): number {
  return Math.ceil(sizeDots * LINE_HEIGHT_EM);
}

/** From the upper edge of a line to its baseline. */
export function baselineDots(face: Face, sizeDots: number): number {
  const leadingEm = (LINE_HEIGHT_EM - face.ascentEm - face.descentEm) / 2;
  return Math.round((leadingEm + face.ascentEm) * sizeDots);
}

export function textWidthDots(text: string, face: Face, sizeDots: number): number {
  let em = 0;
  for (const character of text) em += face.advanceEm(character.codePointAt(0) ?? 0);
  return em * sizeDots;
}

/** A line of text at a place. */
export function drawnText(
  text: string,
  face: Face,
  place: {
    readonly xDots: number;
    readonly yDots: number;
    readonly sizeDots: number;
    readonly turn?: Turn;
    readonly isBold?: boolean;
  },
): DrawnText {
  return { kind: 'text', text, face, turn: 0, isBold: false, ...place };
}

/** Breaks a line at any character, because identifiers have no blanks. An empty piece: a character is too wide. */
function breakLine({ characters, advances }: MeasuredLine, widthEm: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let usedEm = 0;
  for (const [at, character] of characters.entries()) {
    const advance = advances[at] ?? 0;
    if (usedEm + advance > widthEm) {
      pieces.push(piece);
      piece = '';
      usedEm = 0;
    }
    piece += character;
    usedEm += advance;
  }
  return [...pieces, piece];
}
