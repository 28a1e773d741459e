import { type Document, isMap, isNode, isScalar, type LineCounter } from 'yaml';

type Path = readonly (string | number)[];

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where things of a YAML document stand, from 1. */
export interface Places {
  at(offset: number): Place;
  /** Of a value; of the nearest that exists on the way to it: a missing key is told at its parent. */
  ofValue(path: Path): Place;
  /** Where the text of such a value begins and ends. */
  rangeOf(path: Path): readonly [begins: number, ends: number];
  /** Of a key of the object at `path`. */
  ofKey(path: Path, key: string): Place;
  /** How a value is written that is no list and no object; `null` for those. */
  sourceOf(path: Path): string | null;
}

/** @param document `null` for a text that is none: everything is at its beginning */
export function placesIn(document: Document | null, lines: LineCounter): Places {
  const at = (offset: number): Place => {
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
