import { encodeBars } from './bars.ts';
import type { DrawingFormat } from './drawing.ts';
import { encodeDrawing } from './encode-drawing.ts';
import { layoutCode } from './layout-code.ts';

/** Three dots at 300 dpi: 10 mil, which every hand scanner reads. */
const MODULE_MM = 0.254;
const DPI = 300;
/** 13 mm. */
const HEIGHT_MODULES = 51;

/** A Code 128 with its quiet zone, black on white. The same input gives the same bytes. Faults: `bad-input`. */
export async function renderBars(text: string, format: DrawingFormat): Promise<Uint8Array> {
  return encodeDrawing(layoutCode(encodeBars(text, HEIGHT_MODULES), MODULE_MM, DPI, text), format);
}
