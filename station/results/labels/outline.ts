/** Dark and light fields, row by row; 1 is dark. */
export interface Fields {
  readonly columns: number;
  readonly rows: number;
  readonly dark: Uint8Array;
}

export type Point = readonly [x: number, y: number];

/**
 * The borders between dark and light modules as closed loops in module units, for filling with the even-odd rule. One shape
 * has no seams; viewers show hairlines between modules that are drawn one by one.
 */
export function traceOutline(matrix: Fields): Point[][] {
  const { columns, rows } = matrix;
  const isDark = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < columns && y < rows && matrix.dark[y * columns + x] === 1;

  // Border edges by their start, directed with the dark side on the right hand.
  const edges = new Map<string, Point[]>();
  const addEdge = (from: Point, to: Point): void => {
    const key = from.join();
    const existing = edges.get(key);
    if (existing === undefined) edges.set(key, [to]);
    else existing.push(to);
  };
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      if (!isDark(x, y)) continue;
      if (!isDark(x, y - 1)) addEdge([x, y], [x + 1, y]);
      if (!isDark(x + 1, y)) addEdge([x + 1, y], [x + 1, y + 1]);
      if (!isDark(x, y + 1)) addEdge([x + 1, y + 1], [x, y + 1]);
      if (!isDark(x - 1, y)) addEdge([x, y + 1], [x, y]);
    }
  }

  const loops: Point[][] = [];
  for (const key of edges.keys()) {
    for (let loop = takeLoop(edges, key); loop !== null; loop = takeLoop(edges, key)) loops.push(loop);
  }
  return loops;
}

/** Follows and removes edges from `startKey` back to it; returns the corners, null without an edge. */
function takeLoop(edges: Map<string, Point[]>, startKey: string): Point[] | null {
  const corners: Point[] = [];
  let key = startKey;
  let from = startKey.split(',').map(Number) as unknown as Point;
  let direction = '';
  for (let to = edges.get(key)?.pop(); to !== undefined; to = edges.get(key)?.pop()) {
    const next = `${Math.sign(to[0] - from[0])},${Math.sign(to[1] - from[1])}`;
    if (next !== direction) corners.push(from);
    direction = next;
    from = to;
    key = to.join();
    if (key === startKey) return corners;
  }
  return null;
}
