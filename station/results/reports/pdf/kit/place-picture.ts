import type { PdfPicture } from '../pictures/picture.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Reference {
  end(data: Uint8Array): void;
}

/** Members of a document that its types lack. */
interface RawDocument {
  ref(data: object): Reference;
  readonly page: { readonly xobjects: Record<string, Reference> };
}

/** A share at which a direction begins, and how it changes with the columns and rows of the stored picture. */
type Direction = readonly [begin: number, columns: number, rows: number];

/** How the shown box lies over a stored picture. */
interface Turn {
  readonly right: Direction;
  readonly down: Direction;
}

const UPRIGHT: Turn = { right: [0, 1, 0], down: [0, 0, 1] };

/** How a stored picture is turned, by the orientation of Exif. Source: Exif 2.3, 4.6.4. */
const TURNS: Readonly<Record<number, Turn>> = {
  1: UPRIGHT,
  2: { right: [1, -1, 0], down: [0, 0, 1] },
  3: { right: [1, -1, 0], down: [1, 0, -1] },
  4: { right: [0, 1, 0], down: [1, 0, -1] },
  5: { right: [0, 0, 1], down: [0, 1, 0] },
  6: { right: [1, 0, -1], down: [0, 1, 0] },
  7: { right: [1, 0, -1], down: [1, -1, 0] },
  8: { right: [0, 0, 1], down: [1, -1, 0] },
};

/** Draws the pictures of one file, and stores each of them once. pdfkit would read a PNG later than the page ends. */
export class PicturePlacer {
  readonly #references = new Map<PdfPicture, readonly [label: string, reference: Reference]>();

  /** Draws a picture as large as the box allows, in its middle, with its sides in their proportion. */
  place(surface: PDFKit.PDFDocument, picture: PdfPicture, box: Box): void {
    const [columns, rows] =
      picture.orientation > 4 ? [picture.height, picture.width] : [picture.width, picture.height];
    const scale = Math.min(box.width / columns, box.height / rows);
    const [width, height] = [columns * scale, rows * scale];
    const [x, y] = [box.x + (box.width - width) / 2, box.y + (box.height - height) / 2];
    const { right, down } = TURNS[picture.orientation] ?? UPRIGHT;
    const document = surface as unknown as RawDocument;
    const [label, reference] = this.#referenceOf(document, picture);
    document.page.xobjects[label] = reference;
    surface.save();
    // A picture of PDF is a square of one by one, whose rows are counted from below.
    surface.transform(
      right[1] * width,
      down[1] * height,
      -right[2] * width,
      -down[2] * height,
      x + (right[0] + right[2]) * width,
      y + (down[0] + down[2]) * height,
    );
    surface.addContent(`/${label} Do`);
    surface.restore();
  }

  #referenceOf(document: RawDocument, picture: PdfPicture): readonly [string, Reference] {
    const known = this.#references.get(picture);
    if (known !== undefined) return known;
    const { width, height, colours, filter, data } = picture;
    const reference = document.ref({
      Type: 'XObject',
      Subtype: 'Image',
      Width: width,
      Height: height,
      BitsPerComponent: 8,
      ColorSpace: colours,
      Filter: filter,
      // Programs store the colours of four inks inverted in a JPEG.
      ...(colours === 'DeviceCMYK' ? { Decode: [1, 0, 1, 0, 1, 0, 1, 0] } : {}),
    });
    reference.end(data);
    const made = [`P${this.#references.size + 1}`, reference] as const;
    this.#references.set(picture, made);
    return made;
  }
}
