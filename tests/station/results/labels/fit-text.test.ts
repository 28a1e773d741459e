import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mmToDots } from '../../../../station/results/labels/drawing.ts';
import { fitText, lineDots, type TextSpace } from '../../../../station/results/labels/fit-text.ts';
import { smallestSizeDots, type Face } from '../../../../station/results/labels/fonts/face.ts';

/** A face whose characters are 0.3 to 1 em wide, and that counts how often it measures one. */
function countingFace(): Face & { readonly measured: () => number } {
  let count = 0;
  const face = {
    ascentEm: 0.9,
    descentEm: 0.3,
    advanceEm: (codePoint: number) => ((count += 1), 0.3 + (codePoint % 8) / 10),
    measured: () => count,
  };
  return face as unknown as Face & { readonly measured: () => number };
}

test('the longest text in the largest size is measured once', () => {
  const face = countingFace();
  const lines = Array.from({ length: 20 }, () => 'x'.repeat(1024));
  const space: TextSpace = {
    widthDots: 4000,
    heightDots: 4000,
    largestMm: 100,
    smallestMm: 0.8,
    dpi: 600,
    breakLines: true,
  };
  fitText(lines, face, space);
  expect(face.measured()).toBe(20 * 1024);
});

test('a text has the largest size that fits: the next one does not', () => {
  const lines = fc.array(fc.string({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 5 });
  const sizes = fc.record({
    widthDots: fc.integer({ min: 20, max: 600 }),
    heightDots: fc.integer({ min: 20, max: 400 }),
  });
  fc.assert(
    fc.property(lines, sizes, fc.boolean(), (texts, size, breakLines) => {
      const face = countingFace();
      const space = { ...size, largestMm: 6, smallestMm: 1, dpi: 300, breakLines };
      const found = fitText(texts, face, space)?.sizeDots ?? null;
      // One size after another, from the largest.
      let largest: number | null = null;
      for (let dots = mmToDots(6, 300); dots >= Math.max(mmToDots(1, 300), smallestSizeDots(face)); dots--) {
        const mm = (dots * 25.4) / 300;
        const only = fitText(texts, face, { ...space, largestMm: mm, smallestMm: mm });
        if (breakLines || only === null) continue;
        largest = dots;
        break;
      }
      if (!breakLines) expect(found).toBe(largest);
      else if (found !== null) expect(lineDots(found)).toBeLessThanOrEqual(size.heightDots);
    }),
  );
});
