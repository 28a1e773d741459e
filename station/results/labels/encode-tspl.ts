import { bandsOf } from './bands.ts';
import type { Drawing } from './drawing.ts';
import { rasterize } from './rasterize.ts';

/** Gap between two labels on most rolls, mm. */
const USUAL_GAP_MM = 2;

/**
 * One label in TSPL, as graphics: every printer draws the same dots, and no text depends on its fonts. The data of a
 * `BITMAP` may contain any byte, so that the connection must pass all of them. 0 is black there.
 * Source: TSC, TSPL/TSPL2 Programming Manual, `SIZE`, `GAP`, `DIRECTION`, `REFERENCE`, `CLS`, `BITMAP`, `PRINT`.
 */
export function encodeTspl(drawing: Drawing, gapMm: number = USUAL_GAP_MM): Uint8Array {
  const { widthMm, heightMm } = drawing;
  const head = [
    `SIZE ${decimal(widthMm)} mm,${decimal(heightMm)} mm`,
    `GAP ${decimal(gapMm)} mm,0 mm`,
    'DIRECTION 1',
    'REFERENCE 0,0',
    'CLS',
    '',
  ].join('\r\n');
  const pictures = bandsOf(rasterize(drawing)).flatMap(({ x, y, bytesPerRow, rows, bits }) => [
    Buffer.from(`BITMAP ${x},${y},${bytesPerRow},${rows},0,`, 'latin1'),
    bits.map((byte) => byte ^ 0xff),
    Buffer.from('\r\n', 'latin1'),
  ]);
  return Buffer.concat([Buffer.from(head, 'latin1'), ...pictures, Buffer.from('PRINT 1,1\r\n', 'latin1')]);
}

function decimal(mm: number): string {
  return String(Number(mm.toFixed(2)));
}
