export interface GridShape {
  readonly columns: number;
  readonly rows: number;
}

/** The preferred aspect of a tile (width / height). */
const BEST_ASPECT = 1.7;
const EMPTY_PENALTY = 2;

/**
 * Columns and rows for `count` tiles that fill an area of `aspect` (width / height) with as little waste as possible.
 * @param mostColumns how many whole tiles fit beside one another, at least 1
 */
export function gridShape(count: number, aspect: number, mostColumns = Infinity): GridShape {
  let best: GridShape = { columns: 1, rows: Math.max(1, count) };
  let lowestCost = Number.POSITIVE_INFINITY;
  for (let columns = 1; columns <= Math.min(count, mostColumns); columns++) {
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
