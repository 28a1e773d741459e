import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createByteMasker } from '../../../../station/core/secret-mask/index.ts';
import { depth } from '../../../support/depth.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (chunks: readonly Uint8Array[]): string => Buffer.concat(chunks).toString('latin1');

function maskAll(chunks: readonly string[], secrets: readonly string[]): string {
  const masker = createByteMasker(secrets.map(bytes));
  return text([...chunks.map((chunk) => masker.push(bytes(chunk))), masker.flush()]);
}

/** A slow reference: compares at every position of the whole input. */
function maskPlainly(input: string, secrets: readonly string[]): string {
  const out = [...input];
  for (const secret of secrets) {
    for (let at = 0; secret !== '' && at + secret.length <= input.length; at++) {
      if (input.startsWith(secret, at)) out.fill('*', at, at + secret.length);
    }
  }
  return out.join('');
}

describe('the byte masker', () => {
  it('masks a secret in the middle of a line, length kept', () => {
    expect(maskAll(['AT+X="48WWbU=="\r\n'], ['48WWbU=='])).toBe('AT+X="********"\r\n');
  });

  it('masks a secret cut into single bytes', () => {
    expect(maskAll([...'a48WWbU==z'], ['48WWbU=='])).toBe('a********z');
  });

  it('masks occurrences that overlap, of one secret and of two', () => {
    expect(maskAll(['xababax'], ['aba'])).toBe('x*****x');
    expect(maskAll(['xabcdex'], ['abcd', 'cde'])).toBe('x*****x');
  });

  it('holds back no more than a possible beginning, and hands it over at the end', () => {
    const masker = createByteMasker([bytes('secret')]);
    expect(text([masker.push(bytes('OK sec'))])).toBe('OK ');
    expect(text([masker.push(bytes('ond'))])).toBe('second');
    expect(text([masker.push(bytes('secre'))])).toBe('');
    expect(text([masker.flush()])).toBe('secre');
    expect(text([masker.push(bytes('t'))])).toBe('t');
  });

  it('passes everything when there is nothing to hide', () => {
    expect(maskAll(['abc', 'def'], [])).toBe('abcdef');
    expect(maskAll(['abc', 'def'], [''])).toBe('abcdef');
  });

  it('equals the plain search over the whole input, however it is cut, and never lets a secret out', () => {
    // Two letters make prefixes, borders and overlaps as frequent as they can be.
    const word = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.array(word, { maxLength: 3 }), (chunks, secrets) => {
        const masked = maskAll(chunks, secrets);
        expect(masked).toBe(maskPlainly(chunks.join(''), secrets));
        for (const secret of secrets.filter(Boolean)) expect(masked).not.toContain(secret);
      }),
      { numRuns: depth({ short: 500, long: 2000 }) },
    );
  });

  it('does the same with any bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 44 }),
        fc.array(fc.uint8Array()),
        (secret, parts) => {
          fc.pre(!secret.includes(0x2a));
          const chunks = [...parts, secret.subarray(0, 1), secret.subarray(1), ...parts];
          const masker = createByteMasker([secret]);
          const out = Buffer.concat([...chunks.map((chunk) => masker.push(chunk)), masker.flush()]);
          expect(out.includes(Buffer.from(secret))).toBe(false);
          expect(out.length).toBe(Buffer.concat(chunks).length);
        },
      ),
    );
  });
});
