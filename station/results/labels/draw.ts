import type { Drawing, DrawingFormat } from './drawing.ts';
import { drawPdf } from './draw-pdf.ts';
import { drawPng } from './draw-png.ts';
import { drawSvg } from './draw-svg.ts';

export async function draw(drawing: Drawing, format: DrawingFormat): Promise<Uint8Array> {
  switch (format) {
    case 'svg':
      return drawSvg(drawing);
    case 'png':
      return drawPng(drawing);
    case 'pdf':
      return drawPdf(drawing);
  }
}
