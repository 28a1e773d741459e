import { hash } from 'node:crypto';

/**
 * SHA-256 of what an event says, whatever the order in which its members were written. Taken from the event as it
 * was received, so that a repeat is recognised by a registry that has learned new members since.
 */
export function contentHash(kind: string, payload: unknown): Uint8Array {
  return hash('sha256', canonical([kind, payload]), 'buffer');
}

/** JSON with the members of every object in the order of their names. A loop: every event of a long queue is hashed. */
function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const name of Object.keys(members).sort())
    text += `${text === '' ? '{' : ','}${JSON.stringify(name)}:${canonical(members[name])}`;
  return text === '' ? '{}' : `${text}}`;
}
