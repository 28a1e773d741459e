import { createHash } from 'node:crypto';

/**
 * SHA-256 of what an event says, whatever the order in which its members were written. Taken from the event as it
 * was received, so that a repeat is recognised by a registry that has learned new members since.
 */
export function contentHash(kind: string, payload: unknown): Uint8Array {
  return createHash('sha256')
    .update(canonical([kind, payload]))
    .digest();
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
