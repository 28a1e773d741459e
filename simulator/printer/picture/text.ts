import { Bitmap } from './bitmap.ts';

/** Five columns of eight dots for each character from blank to tilde, the lowest bit on top: the 5 x 7 font of displays. */
const GLYPHS = Buffer.from(
  '000000000000005f00000007000700147f147f14242a7f2a12231308646236495620500008070300001c2241000041221c00' +
    '2a1c7f1c2a08083e080800807030000808080808000060600020100804023e5149453e00427f400072494949462141494d33' +
    '1814127f1027454545393c4a49493141211109073649494936464949291e0000140000004034000000081422411414141414' +
    '004122140802015909063e415d594e7c1211127c7f494949363e414141227f4141413e7f494949417f090909013e41415173' +
    '7f0808087f00417f41002040413f017f081422417f404040407f021c027f7f0408107f3e4141413e7f090909063e4151215e' +
    '7f09192946264949493203017f01033f4040403f1f2040201f3f4038403f631408146303047804036159494d43007f414141' +
    '0204081020004141417f04020102044040404040000307080020545478407f284444383844444428384444287f3854545418' +
    '00087e090218a4a49c787f0804047800447d40002040403d007f1028440000417f40007c047804787c080404783844444438' +
    'fc1824241818242418fc7c08040408485454542404043f44243c4040207c1c2040201c3c4030403c44281028444c9090907c' +
    '4464544c440008364100000077000000413608000201020402',
  'hex',
);
const FIRST = 0x20;
const LAST = 0x7e;
const COLUMNS = 5;
const ROWS = 8;

/** A line of text whose characters are cells of `cellWidth` x `cellHeight` dots. A character that is not ASCII is a box. */
export function textPicture(text: string, cellWidth: number, cellHeight: number): Bitmap {
  const characters = [...text];
  const width = cellSide(cellWidth);
  const height = cellSide(cellHeight);
  const picture = new Bitmap(characters.length * width, height);
  for (const [at, character] of characters.entries()) {
    if (at * width >= picture.width) break;
    const code = character.codePointAt(0) ?? 0;
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1) {
        const column = Math.floor((x * (COLUMNS + 1)) / width);
        const row = Math.floor((y * ROWS) / height);
        if (isInk(code, column, row)) picture.set(at * width + x, y, 1);
      }
  }
  return picture;
}

/** The largest character, in dots. */
const MAX_CELL = 1_000;

function cellSide(dots: number): number {
  return Number.isFinite(dots) ? Math.max(1, Math.min(MAX_CELL, Math.round(dots))) : 1;
}

function isInk(code: number, column: number, row: number): boolean {
  if (column >= COLUMNS) return false;
  if (code >= FIRST && code <= LAST)
    return (((GLYPHS[(code - FIRST) * COLUMNS + column] ?? 0) >> row) & 1) === 1;
  const isInside = column > 0 && column < COLUMNS - 1 && row > 0 && row < ROWS - 2;
  return row < ROWS - 1 && !isInside;
}
