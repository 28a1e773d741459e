import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bcc } from '../../../shared/codec/bcc.ts';
import { inventSecret, secretShape } from '../../../shared/codec/secret-shape.ts';

const bytes = fc.uint8Array({ minLength: 8, maxLength: 33 });
const secret = fc.oneof(
  bytes.map((raw) => Buffer.from(raw).toString('base64')),
  bytes.map((raw) => Buffer.from(raw).toString('hex').slice(0, 32)),
  bytes.map((raw) => Buffer.from(raw).toString('hex').slice(0, 32).toUpperCase()),
  // Spelt with unused bits that are not zero.
  fc.constant('IyXmUW5sU/q1vnb5yzTkeR=='),
);

describe('an invented secret in place of a real one', () => {
  it('has the shape and check byte of the real one, and another value', () => {
    fc.assert(
      fc.property(secret, (own) => {
        const invented = inventSecret(secretShape(own), randomBytes);
        expect(invented).not.toBeNull();
        expect(secretShape(invented ?? '')).toEqual(secretShape(own));
        expect(bcc(invented ?? '')).toBe(bcc(own));
        expect(invented).not.toBe(own);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps its alphabet where digits alone would meet the rest', () => {
    const shape = secretShape('A2832C7143276508');
    const zeros = (count: number): Uint8Array =>
      Uint8Array.from({ length: count }, (_, at) => (at < 20 ? at % 10 : at % 16));
    expect(secretShape(inventSecret(shape, zeros) ?? '')).toEqual(shape);
  });

  it('is not found where no such secret exists', () => {
    const shape = secretShape('0123456789abcdef');
    // No hex text has a check byte with the highest bit set.
    expect(inventSecret({ ...shape, bcc: 0x80 }, randomBytes)).toBeNull();
  });
});
