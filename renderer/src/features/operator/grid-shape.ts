export interface GridShape {
  readonly columns: number;
  readonly rows: number;
}

/** The preferred aspect of a tile (width / height). */
const BEST_ASPECT = 1.7;
const EMPTY_PENALTY = 2;

/** Columns and rows for `count` tiles that fill an area of `aspect` (width / height) with as little waste as possible. */
export function gridShape(count: number, aspect: number): GridShape {
  let best: GridShape = { columns: 1, rows: Math.max(1, count) };
  let lowestCost = Number.POSITIVE_INFINITY;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const tileAspect = (aspect * rows) / columns;
    const empty = (columns * rows - count) / count;
    const cost = Math.abs(Math.log(tileAspect / BEST_ASPECT)) + empty * EMPTY_PENALTY;
    if (cost < lowestCost) {
      lowestCost = cost;
      best = { columns, rows };
    }
  }
  return best;
}
