import { hash } from 'node:crypto';

/**
 * SHA-256 of what an event says, whatever the order in which its members were written. Taken from the event as it
 * was received, so that a repeat is recognised by a registry that has learned new members since.
 */
export type ContentHash = (kind: string, payload: unknown) => Uint8Array;

/** For the events of one request: what one has taught about the order of members serves the next. */
export function createContentHash(): ContentHash {
  const shapes = new Map<string, readonly (readonly [name: string, quoted: string])[]>();

  /** Members in the order of their names, by UTF-16 units. */
  function inOrder(members: object): readonly (readonly [string, string])[] {
    const names = Object.keys(members);
    const shape = names.join();
    const known = shapes.get(shape);
    if (known?.length === names.length) return known;
    const ordered = names.sort().map((name) => [name, JSON.stringify(name)] as const);
    // Only where no name has a comma in it does the text stand for these names and no others.
    if (shape.split(',').length === names.length) shapes.set(shape, ordered);
    return ordered;
  }

  function canonical(value: unknown): string {
    if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
    if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
    const members = value as Readonly<Record<string, unknown>>;
    let text = '';
    for (const [name, quoted] of inOrder(members))
      text += `${text === '' ? '{' : ','}${quoted}:${canonical(members[name])}`;
    return text === '' ? '{}' : `${text}}`;
  }

  return (kind, payload) => hash('sha256', canonical([kind, payload]), 'buffer');
}
