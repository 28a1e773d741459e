import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  equalInConstantTime,
  openAesGcm,
  sealAesGcm,
  sha256Hex,
  sha256InTurns,
} from '../../../node-kit/crypto/index.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('AES-256-GCM', () => {
  // McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B, test cases 14 and 16.
  test.each([
    [
      '00'.repeat(32),
      '00'.repeat(12),
      '00'.repeat(16),
      '',
      'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919',
    ],
    [
      'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308',
      'cafebabefacedbaddecaf888',
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
      'feedfacedeadbeeffeedfacedeadbeefabaddad2',
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b',
    ],
  ])('gives the published vectors', (key, nonce, plaintext, aad, sealed) => {
    const made = sealAesGcm(hex(key), hex(nonce), hex(plaintext), hex(aad));
    expect(made.toString('hex')).toBe(sealed);
    expect(openAesGcm(createSecretKey(hex(key)), hex(nonce), made, hex(aad)).toString('hex')).toBe(plaintext);
  });

  test('opens nothing of which a byte, the aad or the length was changed', () => {
    const key = hex('11'.repeat(32));
    const nonce = hex('22'.repeat(12));
    const aad = Buffer.from('unit 17');
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (plain, at, flip) => {
          const sealed = sealAesGcm(key, nonce, plain, aad);
          expect(Uint8Array.from(openAesGcm(key, nonce, sealed, aad))).toEqual(plain);
          const changed = Buffer.from(sealed);
          const index = at % changed.length;
          changed[index] = (changed[index] ?? 0) ^ flip;
          expect(() => openAesGcm(key, nonce, changed, aad)).toThrow();
          expect(() => openAesGcm(key, nonce, sealed, Buffer.from('unit 18'))).toThrow();
          expect(() => openAesGcm(key, nonce, sealed.subarray(0, at % sealed.length), aad)).toThrow();
        },
      ),
      { numRuns: 100 },
    );
  });
});

test('a digest is that of FIPS 180-4, of text as UTF-8', async () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256Hex(Buffer.from('ä'))).toBe(sha256Hex('ä'));
  for (const size of [0, 1, 9_000_000])
    expect(await sha256InTurns(Buffer.alloc(size, 7))).toBe(sha256Hex(Buffer.alloc(size, 7)));
});

test('bytes are equal when length and content are', () => {
  expect(equalInConstantTime(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(equalInConstantTime(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(equalInConstantTime(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 0))).toBe(false);
  expect(equalInConstantTime(new Uint8Array(), new Uint8Array())).toBe(true);
});
