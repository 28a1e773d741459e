import { mmToDots, type DrawnMatrix, type Turn } from '../drawing.ts';
import type { Fields } from '../outline.ts';

/** The box of an element in dots, and how its content is turned in it. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly turn: Turn;
}

export interface Aligned {
  readonly align: 'left' | 'center' | 'right';
  readonly valign: 'top' | 'middle' | 'bottom';
}

/** The box between its rounded edges, so that elements that touch in mm touch in dots. */
export function placeOf(
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  dpi: number,
  turn: Turn = 0,
): Place {
  const [x, y] = [mmToDots(box.x, dpi), mmToDots(box.y, dpi)];
  return {
    x,
    y,
    width: mmToDots(box.x + box.width, dpi) - x,
    height: mmToDots(box.y + box.height, dpi) - y,
    turn,
  };
}

/** Width and height of the content before it is turned. */
export function contentSize({ width, height, turn }: Place): { width: number; height: number } {
  return turn === 90 || turn === 270 ? { width: height, height: width } : { width, height };
}

/** Offset of content within a space of the same direction. */
export function offsetOf(
  { align, valign }: Aligned,
  space: { readonly width: number; readonly height: number },
  size: { readonly width: number; readonly height: number },
): { readonly u: number; readonly v: number } {
  const across = { left: 0, center: 0.5, right: 1 }[align];
  const down = { top: 0, middle: 0.5, bottom: 1 }[valign];
  return {
    u: Math.floor((space.width - size.width) * across),
    v: Math.floor((space.height - size.height) * down),
  };
}

/** A point of the content on the label; `u` and `v` count from the content's own upper left corner. */
export function pointAt(
  { x, y, width, height, turn }: Place,
  u: number,
  v: number,
): { readonly xDots: number; readonly yDots: number } {
  switch (turn) {
    case 0:
      return { xDots: x + u, yDots: y + v };
    case 90:
      return { xDots: x + width - v, yDots: y + u };
    case 180:
      return { xDots: x + width - u, yDots: y + height - v };
    case 270:
      return { xDots: x + v, yDots: y + height - u };
  }
}

/** Fields at a place of the content, turned with it. `fieldWidth` and `fieldHeight` are those of one field before the turn. */
export function placeMatrix(
  fields: Fields,
  place: Place,
  at: { readonly u: number; readonly v: number; readonly fieldWidth: number; readonly fieldHeight: number },
): DrawnMatrix {
  const { u, v, fieldWidth, fieldHeight } = at;
  const width = fields.columns * fieldWidth;
  const height = fields.rows * fieldHeight;
  const turned = turnFields(fields, place.turn);
  const isAcross = place.turn === 90 || place.turn === 270;
  // The corner that is the upper left one after the turn.
  const corner = {
    0: [u, v],
    90: [u, v + height],
    180: [u + width, v + height],
    270: [u + width, v],
  } as const;
  const [cu, cv] = corner[place.turn];
  return {
    kind: 'matrix',
    ...turned,
    ...pointAt(place, cu, cv),
    columnDots: isAcross ? fieldHeight : fieldWidth,
    rowDots: isAcross ? fieldWidth : fieldHeight,
  };
}

function turnFields({ columns, rows, dark }: Fields, turn: Turn): Fields {
  if (turn === 0) return { columns, rows, dark };
  const isAcross = turn === 90 || turn === 270;
  const [width, height] = isAcross ? [rows, columns] : [columns, rows];
  const turned = new Uint8Array(dark.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] =
        turn === 90
          ? [rows - 1 - row, column]
          : turn === 180
            ? [columns - 1 - column, rows - 1 - row]
            : [row, columns - 1 - column];
      turned[y * width + x] = dark[row * columns + column] ?? 0;
    }
  }
  return { columns: width, rows: height, dark: turned };
}
