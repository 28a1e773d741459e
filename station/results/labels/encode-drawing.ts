import type { Drawing, DrawingFormat } from './drawing.ts';
import { encodePdf } from './encode-pdf.ts';
import { encodePng } from './encode-png.ts';
import { encodeSvg } from './encode-svg.ts';
import { encodeTspl } from './encode-tspl.ts';
import { encodeZpl } from './encode-zpl.ts';
import { rasterize } from './rasterize.ts';

/** What a printer needs to know beside the drawing. */
export interface EncodeOptions {
  /** TSPL: the gap between two labels, mm; default 2, 0 for a roll without gaps. */
  readonly gapMm?: number;
}

export async function encodeDrawing(
  drawing: Drawing,
  format: DrawingFormat,
  { gapMm }: EncodeOptions = {},
): Promise<Uint8Array> {
  switch (format) {
    case 'svg':
      return encodeSvg(drawing);
    case 'png': {
      const { gray, width, height } = rasterize(drawing);
      return encodePng(gray, width, height, drawing.dpi);
    }
    case 'pdf':
      return encodePdf(drawing);
    case 'zpl':
      return encodeZpl(drawing);
    case 'tspl':
      return encodeTspl(drawing, gapMm);
  }
}
