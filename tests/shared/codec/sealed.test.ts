import { createCipheriv, createDecipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openRecord, sealedKeyId, sealRecord } from '#shared/codec/sealed.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const anyCase = fc.record({
  key: bytes(32),
  keyId: fc.nat(0xffff_ffff),
  nonce: bytes(12),
  text: fc.uint8Array({ maxLength: 100 }),
  aad: fc.uint8Array({ maxLength: 60 }),
});

function header(keyId: number): Buffer {
  const head = Buffer.alloc(5);
  head[0] = 1;
  head.writeUInt32BE(keyId, 1);
  return head;
}

describe('sealed records', () => {
  it('open to the sealed content and contain the id of their key', () => {
    fc.assert(
      fc.property(anyCase, ({ key, keyId, nonce, text, aad }) => {
        const record = sealRecord(key, keyId, nonce, text, aad);
        expect(sealedKeyId(record)).toBe(keyId);
        expect(Buffer.from(openRecord(key, record, aad))).toEqual(Buffer.from(text));
      }),
    );
  });

  it('equal those of AES-256-GCM in node:crypto, in both directions', () => {
    fc.assert(
      fc.property(anyCase, ({ key, keyId, nonce, text, aad }) => {
        const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.concat([header(keyId), aad]));
        const body = Buffer.concat([cipher.update(text), cipher.final()]);
        const expected = Buffer.concat([header(keyId), nonce, body, cipher.getAuthTag()]);
        const record = Buffer.from(sealRecord(key, keyId, nonce, text, aad));
        expect(record).toEqual(expected);

        const decipher = createDecipheriv('aes-256-gcm', key, record.subarray(5, 17));
        decipher.setAAD(Buffer.concat([record.subarray(0, 5), aad])).setAuthTag(record.subarray(-16));
        expect(Buffer.concat([decipher.update(record.subarray(17, -16)), decipher.final()])).toEqual(
          Buffer.from(text),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('do not open with a changed bit, another owner or another key', () => {
    fc.assert(
      fc.property(anyCase, fc.nat(), fc.integer({ min: 0, max: 7 }), (c, at, bit) => {
        const record = sealRecord(c.key, c.keyId, c.nonce, c.text, c.aad);
        const unreadable = expect.objectContaining({ code: 'secret-unreadable' }) as Error;
        const flipped = record.slice();
        const index = at % flipped.length;
        flipped[index] = (flipped[index] ?? 0) ^ (1 << bit);
        expect(() => openRecord(c.key, flipped, c.aad)).toThrow(unreadable);
        expect(() => openRecord(c.key, record, new Uint8Array([...c.aad, 0]))).toThrow(unreadable);
        const otherKey = c.key.slice();
        otherKey[0] = (otherKey[0] ?? 0) ^ 1;
        expect(() => openRecord(otherKey, record, c.aad)).toThrow(unreadable);
        for (const length of [0, 1, 32, record.length - 1]) {
          expect(() => openRecord(c.key, record.subarray(0, length), c.aad)).toThrow(unreadable);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('refuse an invalid key, nonce or key id', () => {
    const good = [new Uint8Array(32), 1, new Uint8Array(12), new Uint8Array(3), new Uint8Array(0)] as const;
    const internal = expect.objectContaining({ code: 'internal' }) as Error;
    expect(() => sealRecord(new Uint8Array(31), good[1], good[2], good[3], good[4])).toThrow(internal);
    expect(() => sealRecord(good[0], -1, good[2], good[3], good[4])).toThrow(internal);
    expect(() => sealRecord(good[0], 2 ** 32, good[2], good[3], good[4])).toThrow(internal);
    expect(() => sealRecord(good[0], good[1], new Uint8Array(16), good[3], good[4])).toThrow(internal);
  });
});
