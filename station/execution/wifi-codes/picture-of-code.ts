import type { CodePicture } from '#shared/contract/index.ts';
import { encodeModules } from '../../results/labels/index.ts';

/** A code for a screen. Large modules matter more than redundancy there, which has no scratches: error correction level L. */
export function pictureOfCode(payload: string): CodePicture {
  const { columns, rows, dark, quietModules } = encodeModules(payload, 'qr', 'L');
  const lines = Array.from({ length: rows }, (_, row) =>
    [...dark.subarray(row * columns, (row + 1) * columns)].join(''),
  );
  return { quietModules, rows: lines };
}
