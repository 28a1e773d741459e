import { boldDots, type DrawnBar, type Drawing, type DrawnMatrix, type DrawnText } from './drawing.ts';

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
  for (const item of drawing.items) {
    switch (item.kind) {
      case 'matrix':
        drawMatrix(raster, item);
        break;
      case 'text':
        drawText(raster, item);
        break;
      case 'bar':
        drawBar(raster, item);
        break;
    }
  }
  return raster;
}

function drawMatrix(raster: Raster, matrix: DrawnMatrix): void {
  const { columns, rows, dark, xDots, yDots, columnDots, rowDots } = matrix;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (dark[row * columns + column] !== 1) continue;
      drawBar(raster, {
        xDots: xDots + column * columnDots,
        yDots: yDots + row * rowDots,
        widthDots: columnDots,
        heightDots: rowDots,
      });
    }
  }
}

function drawBar(
  { width, height, gray }: Raster,
  { xDots, yDots, widthDots, heightDots }: Omit<DrawnBar, 'kind'>,
): void {
  const left = Math.max(0, xDots);
  const right = Math.min(width, xDots + widthDots);
  for (let y = Math.max(0, yDots); y < Math.min(height, yDots + heightDots); y++)
    if (right > left) gray.fill(0, y * width + left, y * width + right);
}

function drawText(raster: Raster, { text, face, xDots, yDots, sizeDots, turn, isBold }: DrawnText): void {
  const thick = isBold ? boldDots(sizeDots) : 0;
  let along = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    const { left, top, width, height, coverage } = face.bitmap(codePoint, sizeDots);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const value = coverage[row * width + column] ?? 0;
        if (value === 0) continue;
        // Half of the thickness on each side, as a stroke around an outline.
        for (let more = 0; more <= thick; more++) {
          const [x, y] = [Math.round(along) + left + column + more - (thick >> 1), row - top] as const;
          if (turn === 0) darken(raster, xDots + x, yDots + y, value);
          else if (turn === 90) darken(raster, xDots - 1 - y, yDots + x, value);
          else if (turn === 180) darken(raster, xDots - 1 - x, yDots - 1 - y, value);
          else darken(raster, xDots + y, yDots - 1 - x, value);
        }
      }
    }
    along += face.advanceEm(codePoint) * sizeDots;
  }
}

function darken({ width, height, gray }: Raster, x: number, y: number, coverage: number): void {
  if (x < 0 || y < 0 || x >= width || y >= height) return;
  const index = y * width + x;
  gray[index] = Math.min(gray[index] ?? WHITE, WHITE - coverage);
}
