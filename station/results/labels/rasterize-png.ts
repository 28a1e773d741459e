import type { Drawing, PlacedCode, PlacedText } from './drawing.ts';
import { encodePng } from './encode-png.ts';

const WHITE = 255;

interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly gray: Uint8Array;
}

/** One grey pixel per dot; the file contains the resolution, so that it is printed in the right size. */
export function rasterizePng(drawing: Drawing): Uint8Array {
  const { widthDots, heightDots, dpi } = drawing;
  const gray = new Uint8Array(widthDots * heightDots).fill(WHITE);
  const canvas: Canvas = { width: widthDots, height: heightDots, gray };
  drawCode(canvas, drawing.code);
  for (const text of drawing.texts) drawText(canvas, text);
  return encodePng(gray, widthDots, heightDots, dpi);
}

function drawCode(canvas: Canvas, { matrix, xDots, yDots, moduleDots }: PlacedCode): void {
  for (let row = 0; row < matrix.rows; row++) {
    for (let column = 0; column < matrix.columns; column++) {
      if (matrix.dark[row * matrix.columns + column] !== 1) continue;
      const x = xDots + column * moduleDots;
      for (let dy = 0; dy < moduleDots; dy++) {
        const start = (yDots + row * moduleDots + dy) * canvas.width + x;
        canvas.gray.fill(0, start, start + moduleDots);
      }
    }
  }
}

function drawText(canvas: Canvas, { text, face, xDots, baselineDots, sizeDots }: PlacedText): void {
  let x = xDots;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    const { left, top, width, height, coverage } = face.bitmap(codePoint, sizeDots);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        darken(
          canvas,
          Math.round(x) + left + column,
          baselineDots - top + row,
          coverage[row * width + column] ?? 0,
        );
      }
    }
    x += face.advanceEm(codePoint) * sizeDots;
  }
}

function darken({ width, height, gray }: Canvas, x: number, y: number, coverage: number): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  const index = y * width + x;
  gray[index] = Math.min(gray[index] ?? WHITE, WHITE - coverage);
}
