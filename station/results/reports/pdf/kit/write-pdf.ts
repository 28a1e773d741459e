import { createHash } from 'node:crypto';
import type { Yielder } from '#node-kit/async/index.ts';
import type { PdfStyle } from './paper.ts';
import { printable } from './printable.ts';
import { readReportFont } from './report-font.ts';
import { type Running, Sheet, type Surface } from './sheet.ts';

/** A section draws from the cursor on and yields after each row or picture. */
export type Draw = (sheet: Sheet) => Generator<void>;

export interface PdfContent {
  readonly title: string;
  /** The latest instant that it is about, ms since 1970: the file's date, because a time of making would change its bytes. */
  readonly atMs: number;
  readonly running: Running;
  /** A file that a reader of the PDF can save. */
  readonly attachment?: { readonly name: string; readonly type: string; readonly content: Uint8Array };
  readonly draw: Draw;
}

/** What a row of a table or a picture costs, in rows of `Yielder`. */
const COST_ROWS = 60;

/**
 * The bytes of a PDF in pieces. The same content gives the same bytes: it has no time of making, and its id is a digest of the
 * bytes before its trailer. The pages are laid out twice, first to count them. Errors: those of reading the font; those of
 * `yielder`.
 */
export async function* writePdf(
  { title, atMs, running, attachment, draw }: PdfContent,
  { language, paper }: PdfStyle,
  yielder: Yielder,
): AsyncGenerator<Uint8Array> {
  const font = await readReportFont();
  const counted = new Sheet(font, paper, running, null, 0);
  for (const _ of draw(counted)) await yielder.afterRows(COST_ROWS / 4);

  // Loaded on demand: few commands make a PDF, and it takes a tenth of the time in which a command starts.
  const { default: PDFDocument } = await import('pdfkit');
  const at = new Date(atMs);
  const document = new PDFDocument({
    autoFirstPage: false,
    // Without a standard font, whose data files are not in the bundle.
    font: '',
    fontLayoutCache: false,
    lang: language,
    displayTitle: true,
    info: {
      Title: printable(title, font),
      Producer: 'Gongwei',
      Creator: 'Gongwei',
      CreationDate: at,
      ModDate: at,
    },
  });
  document.registerFont('text', font.data);
  if (attachment !== undefined) {
    const { name, type, content } = attachment;
    document.file(Buffer.from(content), { name, type, creationDate: at, modifiedDate: at });
  }
  const digest = createHash('sha256');
  const sheet = new Sheet(font, paper, running, document as Surface, counted.page);
  for (const _ of draw(sheet)) {
    await yielder.afterRows(COST_ROWS);
    const piece = take(document);
    if (piece === null) continue;
    digest.update(piece);
    yield piece;
  }
  document.flushPages();
  const lastPage = take(document) ?? Buffer.alloc(0);
  setId(document, digest.update(lastPage).digest().subarray(0, 16));
  yield lastPage;
  document.end();
  await yielder.afterRows(COST_ROWS);
  yield take(document) ?? Buffer.alloc(0);
}

/** What the document has written since the last call. */
function take(document: PDFKit.PDFDocument): Buffer | null {
  return document.read() as Buffer | null;
}

/** pdfkit makes the id of the information alone, so that two reports with the same title would have the same. */
function setId(document: PDFKit.PDFDocument, id: Uint8Array): void {
  (document as unknown as { _id: Uint8Array })._id = id;
}
