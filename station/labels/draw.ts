import type { Drawing, DrawingFormat } from './drawing.ts';
import { drawPdf } from './drawPdf.ts';
import { drawPng } from './drawPng.ts';
import { drawSvg } from './drawSvg.ts';

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
