import bwip from 'bwip-js/node';
import type { SfntFace } from './sfnt.ts';

/** One font: metrics for the layout, outlines for SVG, bitmaps for PNG, the file for PDF. */
export interface Face {
  readonly postScriptName: string;
  readonly data: Buffer<ArrayBuffer>;
  /** Above and below the baseline, in ems, both positive. */
  readonly ascentEm: number;
  readonly descentEm: number;
  has(codePoint: number): boolean;
  advanceEm(codePoint: number): number;
  /** An SVG path; `x`, `y` is the left end of the baseline. */
  outline(codePoint: number, sizeDots: number, x: number, y: number): string;
  /** Coverage of each dot, 0 to 255; `left` and `top` count from the left end of the baseline, `top` upwards. */
  bitmap(codePoint: number, sizeDots: number): GlyphBitmap;
}

export interface GlyphBitmap {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly coverage: Uint8Array;
}

/** bwip-js measures font sizes in ascents, and uses 8 for smaller ones. */
const SMALLEST_SIZE = 8;
const MEASURING_SIZE = 1000;

/** @param name key in the font table of bwip-js, where a font of the same name is replaced */
export function createFace(name: string, sfnt: SfntFace): Face {
  const data = sfnt.data;
  bwip.loadFont(name, data);
  const fontId = bwip.FontLib.lookup(name);
  const ascentEm = sfnt.ascent / sfnt.unitsPerEm;

  const paths = (codePoint: number, size: number): ReturnType<typeof bwip.FontLib.getpaths> | null =>
    bwip.FontLib.getpaths(fontId, codePoint, size, size);

  /** Texts are measured many times, and a font draws a character to measure it. */
  const advances = new Map<number, number>();

  function outline(codePoint: number, sizeDots: number, x: number, y: number): string {
    const scale = (sizeDots * ascentEm) / MEASURING_SIZE;
    const at = (px: number, py: number): string => `${round(x + px * scale)} ${round(y - py * scale)}`;
    let path = '';
    for (const step of paths(codePoint, MEASURING_SIZE) ?? []) {
      if (step.type === 'M') path += `${path === '' ? '' : 'Z'}M${at(step.x, step.y)}`;
      else if (step.type === 'L') path += `L${at(step.x, step.y)}`;
      else if (step.type === 'Q') path += `Q${at(step.cx, step.cy)} ${at(step.x, step.y)}`;
      else path += `C${at(step.cx1, step.cy1)} ${at(step.cx2, step.cy2)} ${at(step.x, step.y)}`;
    }
    return path === '' ? '' : `${path}Z`;
  }

  return {
    postScriptName: sfnt.postScriptName,
    data,
    ascentEm,
    descentEm: -sfnt.descent / sfnt.unitsPerEm,
    has: (codePoint) => paths(codePoint, MEASURING_SIZE) !== null,
    advanceEm(codePoint) {
      const known = advances.get(codePoint);
      if (known !== undefined) return known;
      const advance = ((paths(codePoint, MEASURING_SIZE)?.advance ?? 0) * ascentEm) / MEASURING_SIZE;
      advances.set(codePoint, advance);
      return advance;
    },
    outline,
    bitmap(codePoint, sizeDots) {
      const size = sizeDots * ascentEm;
      const { left, top, width, height, pixels } = bwip.FontLib.getglyph(fontId, codePoint, size, size);
      return { left, top, width, height, coverage: pixels };
    },
  };
}

/** The smallest em that `bitmap` can draw in this face. */
export function smallestSizeDots(face: Face): number {
  return Math.ceil(SMALLEST_SIZE / face.ascentEm);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
