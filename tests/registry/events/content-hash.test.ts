import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createContentHash } from '../../../registry/events/content-hash.ts';

/** RFC 8785 in a few lines, without any of the shortcuts. */
function plain(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(plain).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${plain(member)}`).join(',')}}`;
}

function shuffled(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(shuffled);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, shuffled(member)]),
  );
}

/** What came over the wire: names like `__proto__` are members like others there. */
const sent = fc.json({ maxDepth: 4 }).map((text): unknown => JSON.parse(text));

describe("the hash of an event's content", () => {
  it('is that of its canonical text, independent of earlier events and of the order of members', () => {
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 40 }), (payloads) => {
        const contentHash = createContentHash();
        for (const payload of payloads) {
          const wanted = createHash('sha256')
            .update(plain(['a.b', payload]))
            .digest('hex');
          expect(Buffer.from(contentHash('a.b', payload)).toString('hex')).toBe(wanted);
          expect(Buffer.from(contentHash('a.b', shuffled(payload))).toString('hex')).toBe(wanted);
        }
      }),
    );
  });

  it('handles names that an object does not store in insertion order', () => {
    const contentHash = createContentHash();
    for (const text of [
      '{"b":{"10":1,"9":{"a":2}},"__proto__":{"2":1,"1":{}}}',
      '[[{"7":{}}],{"a":[{"1":2}]}]',
    ]) {
      const payload: unknown = JSON.parse(text);
      const wanted = createHash('sha256')
        .update(plain(['k', payload]))
        .digest('hex');
      expect(Buffer.from(contentHash('k', payload)).toString('hex')).toBe(wanted);
    }
  });

  it('distinguishes members with a comma in their name from several members', () => {
    const contentHash = createContentHash();
    const hex = (payload: unknown): string => Buffer.from(contentHash('k', payload)).toString('hex');
    expect(hex({ 'a,b': 1, c: 2 })).not.toBe(hex({ a: 1, 'b,c': 2 }));
    expect(hex(JSON.parse('{"__proto__":1}'))).not.toBe(hex({}));
  });
});
