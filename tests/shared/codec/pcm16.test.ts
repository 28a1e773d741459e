import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelOfPcm16, PCM_SILENCE_DBFS } from '#shared/codec/pcm16.ts';

function pcm(samples: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * samples.length);
  for (const [i, sample] of samples.entries()) bytes.writeInt16LE(sample, 2 * i);
  return bytes;
}

const base64 = (samples: readonly number[]): string => pcm(samples).toString('base64');
const sine = (amplitude: number): number[] =>
  Array.from({ length: 1600 }, (_, i) => Math.round(amplitude * Math.sin((2 * Math.PI * i) / 16)));

describe('the level of PCM with 16 bit', () => {
  it('is that of known signals: a sine has 3.01 dB less than its peak, half the amplitude 6.02 dB less', () => {
    // Values of AES17 and of the definition of the decibel, not of this program.
    expect(levelOfPcm16(base64(sine(32_767)), 'pcm16-rms')).toBeCloseTo(-3.01, 1);
    expect(levelOfPcm16(base64(sine(32_767)), 'pcm16-peak')).toBeCloseTo(0, 1);
    expect(levelOfPcm16(base64(sine(16_384)), 'pcm16-rms')).toBeCloseTo(-9.03, 1);
    expect(levelOfPcm16(base64([16_384, -16_384]), 'pcm16-rms')).toBe(-6.02);
    expect(levelOfPcm16(base64([1, -1]), 'pcm16-rms')).toBe(-90.31);
  });

  it('of an input that is dead, or stuck at any value, is silence', () => {
    for (const value of [0, 1, -1, 20_000, -32_768])
      expect(levelOfPcm16(base64([value, value, value]), 'pcm16-rms')).toBe(PCM_SILENCE_DBFS);
  });

  it('is the same for base64 with line breaks, and for lists of bytes with and without sign', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 1, maxLength: 40 }),
        (samples) => {
          const bytes = pcm(samples);
          const level = levelOfPcm16(bytes.toString('base64'), 'pcm16-rms');
          expect(level).toBeLessThanOrEqual(0);
          expect(level).toBeGreaterThanOrEqual(PCM_SILENCE_DBFS);
          expect(levelOfPcm16(bytes.toString('base64').replaceAll(/(.{8})/g, '$1\r\n'), 'pcm16-rms')).toBe(
            level,
          );
          expect(levelOfPcm16(JSON.stringify([...bytes]), 'pcm16-rms')).toBe(level);
          expect(levelOfPcm16(JSON.stringify([...new Int8Array(bytes)]), 'pcm16-rms')).toBe(level);
          expect(levelOfPcm16(bytes.toString('base64'), 'pcm16-peak')).toBeGreaterThanOrEqual(level ?? 0);
        },
      ),
    );
  });

  it('is refused for anything else', () => {
    for (const text of [
      '',
      'AA==',
      'AAAA',
      'ä',
      '[1]',
      '[1,2,3]',
      '[256,0]',
      '[-129,0]',
      '[1,2',
      '[1;2]',
      '[]',
      '{}',
    ])
      expect([text, levelOfPcm16(text, 'pcm16-rms')]).toEqual([text, null]);
  });
});
