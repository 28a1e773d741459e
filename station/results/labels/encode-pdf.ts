import { buffer } from 'node:stream/consumers';
import type { Drawing } from './drawing.ts';
import { traceOutline } from './outline.ts';

const POINTS_PER_INCH = 72;
/** A fixed date, so that the same label gives the same file. */
const FIXED_DATE = new Date(0);

/** One page of the label's size: the code as one vector shape, the text with embedded fonts. */
export async function encodePdf(drawing: Drawing): Promise<Uint8Array> {
  // Loaded on demand: few commands make a PDF, and it takes a tenth of the time in which a command starts.
  const { default: PDFDocument } = await import('pdfkit');
  const { dpi, widthDots, heightDots, title, code, texts } = drawing;
  const points = (dots: number): number => (dots * POINTS_PER_INCH) / dpi;
  const document = new PDFDocument({
    size: [points(widthDots), points(heightDots)],
    margin: 0,
    // Without a standard font, whose data files are not in the bundle.
    font: '',
    info: {
      Title: title,
      Producer: 'Gongwei',
      Creator: 'Gongwei',
      CreationDate: FIXED_DATE,
      ModDate: FIXED_DATE,
    },
  });

  for (const loop of traceOutline(code.matrix)) {
    for (const [index, [x, y]] of loop.entries()) {
      const point = [
        points(code.xDots + x * code.moduleDots),
        points(code.yDots + y * code.moduleDots),
      ] as const;
      if (index === 0) document.moveTo(...point);
      else document.lineTo(...point);
    }
    document.closePath();
  }
  document.fill('black', 'even-odd');

  for (const { text, face, xDots, baselineDots, sizeDots } of texts) {
    document
      .font(face.data)
      .fontSize(points(sizeDots))
      .text(text, points(xDots), points(baselineDots), { lineBreak: false, baseline: 'alphabetic' });
  }
  document.end();
  return buffer(document);
}
