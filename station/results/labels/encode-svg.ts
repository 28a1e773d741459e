import { dotsToMm, type Drawing, type PlacedText } from './drawing.ts';
import { traceOutline } from './outline.ts';

/** SVG in millimetres. Text is drawn as outlines, because the font may be missing where it is shown. */
export function encodeSvg(drawing: Drawing): Uint8Array {
  const { dpi, widthDots, heightDots, title, code, texts } = drawing;
  const mm = (dots: number): string => `${Number(dotsToMm(dots, dpi).toFixed(3))}mm`;
  const scaled = (module: number, offset: number): number => offset + module * code.moduleDots;
  const outline = traceOutline(code.matrix)
    .map((loop) => `M${loop.map(([x, y]) => `${scaled(x, code.xDots)} ${scaled(y, code.yDots)}`).join('L')}Z`)
    .join('');
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${mm(widthDots)}" height="${mm(heightDots)}"`,
    ` viewBox="0 0 ${widthDots} ${heightDots}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${widthDots}" height="${heightDots}" fill="#fff"/>`,
    `<path fill-rule="evenodd" shape-rendering="crispEdges" d="${outline}"/>`,
    ...texts.map((text) => `<path d="${textOutline(text)}"/>`),
    '</svg>\n',
  ];
  return Buffer.from(svg.join(''));
}

function textOutline({ text, face, xDots, baselineDots, sizeDots }: PlacedText): string {
  let path = '';
  let x = xDots;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    path += face.outline(codePoint, sizeDots, x, baselineDots);
    x += face.advanceEm(codePoint) * sizeDots;
  }
  return path;
}

function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  // Control characters are not allowed in XML 1.0, not even escaped.
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? '').replace(/\p{Cc}/gu, ' ');
}
