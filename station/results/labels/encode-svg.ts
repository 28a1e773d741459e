import { xmlText } from '#shared/codec/xml-text.ts';
import {
  boldDots,
  dotsToMm,
  type Drawing,
  type DrawnItem,
  type DrawnMatrix,
  type DrawnText,
} from './drawing.ts';
import { traceOutline } from './outline.ts';

/** SVG in millimetres. Text is drawn as outlines, because the font may be missing where it is shown. */
export function encodeSvg(drawing: Drawing): Uint8Array {
  const { dpi, widthDots, heightDots, title, items } = drawing;
  const mm = (dots: number): string => `${Number(dotsToMm(dots, dpi).toFixed(3))}mm`;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${mm(widthDots)}" height="${mm(heightDots)}"`,
    ` viewBox="0 0 ${widthDots} ${heightDots}" role="img">`,
    `<title>${xmlText(title)}</title>`,
    `<rect width="${widthDots}" height="${heightDots}" fill="#fff"/>`,
    ...items.map(itemElement),
    '</svg>\n',
  ];
  return Buffer.from(svg.join(''));
}

/** More fields than a code has. The borders of a picture of noise would take seconds and hundreds of megabytes to trace. */
const MAX_TRACED = 40_000;

/** A bar for each run of dark fields in a row. */
function runsOf({ columns, rows, dark, xDots, yDots, columnDots, rowDots }: DrawnMatrix): string {
  const bars: string[] = [];
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * columns;
    for (let from = dark.indexOf(1, row * columns); from !== -1 && from < end; from = dark.indexOf(1, from)) {
      const next = dark.indexOf(0, from);
      const to = next === -1 || next > end ? end : next;
      const [x, width] = [xDots + (from - row * columns) * columnDots, (to - from) * columnDots];
      bars.push(`M${x} ${yDots + row * rowDots}h${width}v${rowDots}h${-width}z`);
      from = to;
    }
  }
  return bars.join('');
}

function itemElement(item: DrawnItem): string {
  switch (item.kind) {
    case 'matrix': {
      const { xDots, yDots, columnDots, rowDots } = item;
      if (item.columns * item.rows > MAX_TRACED)
        return `<path shape-rendering="crispEdges" d="${runsOf(item)}"/>`;
      const outline = traceOutline(item)
        .map(
          (loop) => `M${loop.map(([x, y]) => `${xDots + x * columnDots} ${yDots + y * rowDots}`).join('L')}Z`,
        )
        .join('');
      return `<path fill-rule="evenodd" shape-rendering="crispEdges" d="${outline}"/>`;
    }
    case 'text': {
      const { xDots, yDots, sizeDots, turn, isBold } = item;
      const turned = turn === 0 ? '' : ` transform="rotate(${turn} ${xDots} ${yDots})"`;
      const stroke = isBold
        ? ` stroke="#000" stroke-width="${boldDots(sizeDots)}" stroke-linejoin="round"`
        : '';
      return `<path${turned}${stroke} d="${textOutline(item)}"/>`;
    }
    case 'bar': {
      const { xDots, yDots, widthDots, heightDots } = item;
      return `<rect x="${xDots}" y="${yDots}" width="${widthDots}" height="${heightDots}" shape-rendering="crispEdges"/>`;
    }
  }
}

function textOutline({ text, face, xDots, yDots, sizeDots }: DrawnText): string {
  let path = '';
  let x = xDots;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    path += face.outline(codePoint, sizeDots, x, yDots);
    x += face.advanceEm(codePoint) * sizeDots;
  }
  return path;
}
