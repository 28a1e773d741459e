/** Quarter turns clockwise. */
export type Turns = 0 | 1 | 2 | 3;

/** The longest side of a picture, so that no command takes all memory. */
const MAX_SIDE = 3_200;

function side(dots: number): number {
  return Number.isFinite(dots) ? Math.max(0, Math.min(MAX_SIDE, Math.round(dots))) : 0;
}

/** A picture of dots, row by row; 1 is black. What is drawn beyond its edges is lost, as on paper. */
export class Bitmap {
  readonly width: number;
  readonly height: number;
  readonly dots: Uint8Array;

  constructor(width: number, height: number) {
    this.width = side(width);
    this.height = side(height);
    this.dots = new Uint8Array(this.width * this.height);
  }

  get(x: number, y: number): number {
    return this.dots[y * this.width + x] ?? 0;
  }

  set(x: number, y: number, dot: number): void {
    if (x >= 0 && y >= 0 && x < this.width && y < this.height) this.dots[y * this.width + x] = dot;
  }

  fill(x: number, y: number, width: number, height: number, dot = 1): void {
    const [from, to] = [Math.max(0, x), Math.min(this.width, x + width)];
    if (!(from < to)) return;
    for (let row = Math.max(0, y); row < Math.min(this.height, y + height); row += 1)
      this.dots.fill(dot, row * this.width + from, row * this.width + to);
  }

  invert(x: number, y: number, width: number, height: number): void {
    for (let row = y; row < y + height; row += 1)
      for (let column = x; column < x + width; column += 1) this.set(column, row, 1 - this.get(column, row));
  }

  /** `or` adds black dots, `xor` turns dots over, `overwrite` takes white ones, too. */
  draw(picture: Bitmap, x: number, y: number, mode: 'or' | 'xor' | 'overwrite' = 'or'): void {
    // Only what is on this picture.
    const rows = Math.min(picture.height, this.height - y);
    const columns = Math.min(picture.width, this.width - x);
    for (let row = Math.max(0, -y); row < rows; row += 1)
      for (let column = Math.max(0, -x); column < columns; column += 1) {
        const dot = picture.get(column, row);
        if (mode === 'overwrite') this.set(x + column, y + row, dot);
        else if (dot === 1)
          this.set(x + column, y + row, mode === 'or' ? 1 : 1 - this.get(x + column, y + row));
      }
  }

  turned(turns: Turns): Bitmap {
    if (turns === 0) return this;
    const { width, height } = this;
    const result = turns === 2 ? new Bitmap(width, height) : new Bitmap(height, width);
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1) {
        if (this.get(x, y) === 0) continue;
        if (turns === 1) result.set(height - 1 - y, x, 1);
        else if (turns === 2) result.set(width - 1 - x, height - 1 - y, 1);
        else result.set(y, width - 1 - x, 1);
      }
    return result;
  }

  /** Each dot becomes a rectangle. */
  scaled(xTimes: number, yTimes: number): Bitmap {
    const result = new Bitmap(this.width * xTimes, this.height * yTimes);
    for (let y = 0; y < this.height; y += 1)
      for (let x = 0; x < this.width; x += 1)
        if (this.get(x, y) === 1) result.fill(x * xTimes, y * yTimes, xTimes, yTimes);
    return result;
  }

  /** A frame whose lines are inside of its rectangle; one that is thicker than half of it is full. */
  frame(x: number, y: number, width: number, height: number, thickness: number, dot = 1): void {
    if (thickness * 2 >= Math.min(width, height)) return this.fill(x, y, width, height, dot);
    this.fill(x, y, width, thickness, dot);
    this.fill(x, y + height - thickness, width, thickness, dot);
    this.fill(x, y, thickness, height, dot);
    this.fill(x + width - thickness, y, thickness, height, dot);
  }
}

/** Rows of packed bits, the highest bit first. */
export function bitmapOfBits(bytes: Uint8Array, rowBytes: number, height: number, black: 0 | 1): Bitmap {
  const picture = new Bitmap(rowBytes * 8, height);
  for (let at = 0; at < picture.dots.length; at += 1) {
    const bit = ((bytes[at >> 3] ?? (black === 1 ? 0 : 0xff)) >> (7 - (at & 7))) & 1;
    picture.dots[at] = bit === black ? 1 : 0;
  }
  return picture;
}
