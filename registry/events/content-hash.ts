import { hash } from 'node:crypto';

/**
 * SHA-256 of what an event says, whatever the order in which its members were written. Taken from the event as it
 * was received, so that a repeat is recognised by a registry that has learned new members since.
 */
export type ContentHash = (kind: string, payload: unknown) => Uint8Array;

/** Members as they were written, and how their canonical text goes: in the order of names, by UTF-16 units. */
interface Shape {
  readonly names: readonly string[];
  readonly ordered: readonly { readonly name: string; readonly before: string }[];
}

/** Events are written by few versions of few programs; whoever sends more shapes than this only works slower. */
const SHAPES_KEPT = 16;

/** For the events of one request: what one has taught about the order of members serves the next. */
export function createContentHash(): ContentHash {
  const shapes: Shape[] = [];

  function shapeOf(names: readonly string[]): Shape {
    const known = shapes.find((shape) => isSame(shape.names, names));
    if (known !== undefined) return known;
    const ordered = names.toSorted().map((name, at) => ({
      name,
      before: `${at === 0 ? '{' : ','}${JSON.stringify(name)}:`,
    }));
    const shape = { names, ordered };
    if (shapes.length < SHAPES_KEPT) shapes.push(shape);
    return shape;
  }

  function canonical(value: unknown): string {
    if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
    if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
    const members = value as Readonly<Record<string, unknown>>;
    let text = '';
    for (const { name, before } of shapeOf(Object.keys(members)).ordered)
      text += before + canonical(members[name]);
    return text === '' ? '{}' : `${text}}`;
  }

  return (kind, payload) => hash('sha256', canonical([kind, payload]), 'buffer');
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => name === b[at]);
}
