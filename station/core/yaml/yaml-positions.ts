import { type Document, isMap, isNode, isScalar, type LineCounter } from 'yaml';

type Path = readonly (string | number)[];

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Finds positions in a YAML document; lines and columns count from 1. */
export interface Positions {
  at(offset: number): Position;
  /** Position of a value; that of its nearest existing parent for a missing one. */
  ofValue(path: Path): Position;
  /** Offsets of the beginning and the end of such a value. */
  rangeOf(path: Path): readonly [begins: number, ends: number];
  /** Position of a key of the object at `path`. */
  ofKey(path: Path, key: string): Position;
  /** Source text of a value; `null` for a list or an object. */
  sourceOf(path: Path): string | null;
}

/** @param document `null` for a text that is no document: every position is its beginning */
export function positionsIn(document: Document | null, lines: LineCounter): Positions {
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const nodeAt = (path: Path): unknown =>
    path.length === 0 ? document?.contents : document?.getIn(path, true);
  const rangeOf = (path: Path): readonly [number, number] => {
    for (let length = path.length; length >= 0; length--) {
      const node = nodeAt(path.slice(0, length));
      if (isNode(node) && node.range) return [node.range[0], node.range[1]];
    }
    return [0, 0];
  };
  const offsetOf = (path: Path): number => rangeOf(path)[0];
  return {
    at,
    ofValue: (path) => at(offsetOf(path)),
    rangeOf,
    sourceOf(path) {
      const node = nodeAt(path);
      return isScalar(node) ? (node.source ?? null) : null;
    },
    ofKey(path, key) {
      const map = nodeAt(path);
      const pair = isMap(map)
        ? map.items.find((item) => isScalar(item.key) && item.key.value === key)
        : undefined;
      return at(isScalar(pair?.key) && pair.key.range ? pair.key.range[0] : offsetOf(path));
    },
  };
}
