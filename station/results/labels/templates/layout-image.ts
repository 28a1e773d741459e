import { type ImageElement, labelText as say } from '#shared/label/index.ts';
import { BadPicture, decodePng, type Picture } from './decode-png.ts';
import type { LaidOutElement } from './laid-out.ts';
import { contentSize, offsetOf, placeMatrix, placeOf } from './place.ts';

/** Elements of a picture that are darker are printed. */
const BLACK_FROM = 128;

/** Lays out a picture as large as its box allows, one field per dot, in black and white. */
export function layoutImage(element: ImageElement, dpi: number): LaidOutElement {
  let picture: Picture;
  try {
    picture = decodePng(Buffer.from(element.png, 'base64'));
  } catch (error) {
    if (!(error instanceof BadPicture)) throw error;
    return {
      items: [],
      problem: { message: say('label-picture', { code: 'picture', en: error.en, 'zh-CN': error.zh }) },
    };
  }
  const place = placeOf(element, dpi, element.rotate);
  const space = contentSize(place);
  const scale = Math.min(space.width / picture.width, space.height / picture.height);
  const size = {
    width: Math.max(1, Math.floor(picture.width * scale)),
    height: Math.max(1, Math.floor(picture.height * scale)),
  };
  const at = offsetOf(element, space, size);
  const fields = { columns: size.width, rows: size.height, dark: scaled(picture, size.width, size.height) };
  return { items: [placeMatrix(fields, place, { ...at, fieldWidth: 1, fieldHeight: 1 })] };
}

/** Each dot has the mean of the elements that it covers. */
function scaled({ width, height, ink }: Picture, columns: number, rows: number): Uint8Array {
  const dark = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const top = Math.floor((row * height) / rows);
    const bottom = Math.max(top + 1, Math.floor(((row + 1) * height) / rows));
    for (let column = 0; column < columns; column++) {
      const left = Math.floor((column * width) / columns);
      const right = Math.max(left + 1, Math.floor(((column + 1) * width) / columns));
      let sum = 0;
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += ink[y * width + x] ?? 0;
      dark[row * columns + column] = sum / ((bottom - top) * (right - left)) >= BLACK_FROM ? 1 : 0;
    }
  }
  return dark;
}
