import { buffer } from 'node:stream/consumers';
import { boldDots, type Drawing, type DrawnItem } from './drawing.ts';
import { traceOutline } from './outline.ts';

const POINTS_PER_INCH = 72;
/** A fixed date, so that the same label gives the same file. */
const FIXED_DATE = new Date(0);

/** One page of the label's size: each code and picture as one vector shape, the text with embedded fonts. */
export async function encodePdf(drawing: Drawing): Promise<Uint8Array> {
  // Loaded on demand: few commands make a PDF, and it takes a tenth of the time in which a command starts.
  const { default: PDFDocument } = await import('pdfkit');
  const { dpi, widthDots, heightDots, title, items } = drawing;
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
  for (const item of items) drawItem(document, item, points);
  document.end();
  return buffer(document);
}

function drawItem(document: PDFKit.PDFDocument, item: DrawnItem, points: (dots: number) => number): void {
  switch (item.kind) {
    case 'matrix': {
      const { xDots, yDots, columnDots, rowDots } = item;
      for (const loop of traceOutline(item)) {
        for (const [index, [x, y]] of loop.entries()) {
          const point = [points(xDots + x * columnDots), points(yDots + y * rowDots)] as const;
          if (index === 0) document.moveTo(...point);
          else document.lineTo(...point);
        }
        document.closePath();
      }
      document.fill('black', 'even-odd');
      return;
    }
    case 'bar': {
      const { xDots, yDots, widthDots, heightDots } = item;
      document.rect(points(xDots), points(yDots), points(widthDots), points(heightDots)).fill('black');
      return;
    }
    case 'text': {
      const { text, face, xDots, yDots, sizeDots, turn, isBold } = item;
      const [x, y] = [points(xDots), points(yDots)] as const;
      const stroke = isBold ? { fill: true, stroke: true } : {};
      document.save();
      if (turn !== 0) document.rotate(turn, { origin: [x, y] });
      document
        .font(face.data)
        .fontSize(points(sizeDots))
        .lineWidth(points(boldDots(sizeDots)))
        .text(text, x, y, { lineBreak: false, baseline: 'alphabetic', ...stroke });
      document.restore();
    }
  }
}
