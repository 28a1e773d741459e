import type { Drawing, DrawingFormat } from './drawing.ts';
import { encodePdf } from './encode-pdf.ts';
import { rasterizePng } from './rasterize-png.ts';
import { encodeSvg } from './encode-svg.ts';

export async function encodeDrawing(drawing: Drawing, format: DrawingFormat): Promise<Uint8Array> {
  switch (format) {
    case 'svg':
      return encodeSvg(drawing);
    case 'png':
      return rasterizePng(drawing);
    case 'pdf':
      return encodePdf(drawing);
  }
}
