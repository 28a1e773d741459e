import type { Drawing, PlacedCode, PlacedText } from './drawing.ts';

const WHITE = 255;

/** A drawing as dots, row by row from the top: 255 is white, 0 is black. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly gray: Uint8Array;
}

/** Draws a label or code dot by dot. PNG, ZPL and TSPL show these dots. */
export function rasterize(drawing: Drawing): Raster {
  const { widthDots, heightDots } = drawing;
  const gray = new Uint8Array(widthDots * heightDots).fill(WHITE);
  const raster: Raster = { width: widthDots, height: heightDots, gray };
  drawCode(raster, drawing.code);
  for (const text of drawing.texts) drawText(raster, text);
  return raster;
}

function drawCode(raster: Raster, { matrix, xDots, yDots, moduleDots }: PlacedCode): void {
  for (let row = 0; row < matrix.rows; row++) {
    for (let column = 0; column < matrix.columns; column++) {
      if (matrix.dark[row * matrix.columns + column] !== 1) continue;
      const x = xDots + column * moduleDots;
      for (let dy = 0; dy < moduleDots; dy++) {
        const start = (yDots + row * moduleDots + dy) * raster.width + x;
        raster.gray.fill(0, start, start + moduleDots);
      }
    }
  }
}

function drawText(raster: Raster, { text, face, xDots, baselineDots, sizeDots }: PlacedText): void {
  let x = xDots;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    const { left, top, width, height, coverage } = face.bitmap(codePoint, sizeDots);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        darken(
          raster,
          Math.round(x) + left + column,
          baselineDots - top + row,
          coverage[row * width + column] ?? 0,
        );
      }
    }
    x += face.advanceEm(codePoint) * sizeDots;
  }
}

function darken({ width, height, gray }: Raster, x: number, y: number, coverage: number): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  const index = y * width + x;
  gray[index] = Math.min(gray[index] ?? WHITE, WHITE - coverage);
}
