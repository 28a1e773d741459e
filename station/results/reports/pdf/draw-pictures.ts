import { INK, type Sheet } from './kit/sheet.ts';
import type { NamedFile, ReportPicture } from './pictures/index.ts';
import type { BatchReportData } from './report-data.ts';
import type { ReportWords } from './report-words.ts';

const IN_ROW = 4;
const GAP = 10;
const NAME_SIZE = 7.5;
const DIGEST_SIZE = 6;
const LINE_EM = 1.4;
/** A SHA-256 needs so many lines in a quarter of the page. */
const DIGEST_LINES = 2;
const BATCH_PICTURE_HEIGHT = 120;

/** A picture with the lines above its digest. */
interface Captioned extends ReportPicture {
  readonly lines: readonly string[];
}

/** Height of a row with this many lines below each picture, in points, without the pictures themselves. */
export function captionHeight(lines: number): number {
  return 3 + lines * NAME_SIZE * LINE_EM + DIGEST_LINES * DIGEST_SIZE * LINE_EM + 4;
}

/** Up to four pictures beside one another at the cursor, each with its lines and its SHA-256. Moves the cursor. */
export function drawPictureRow(sheet: Sheet, row: readonly Captioned[], height: number): void {
  const width = (sheet.width - GAP * (IN_ROW - 1)) / IN_ROW;
  const captions = Math.max(0, ...row.map(({ lines }) => lines.length));
  for (const [index, { picture, lines, sha256 }] of row.entries()) {
    const x = sheet.left + index * (width + GAP);
    sheet.picture(picture, { x, y: sheet.y, width, height });
    let y = sheet.y + height + 3;
    for (const line of lines) {
      sheet.text(sheet.fit(line, width, NAME_SIZE), x, y, { size: NAME_SIZE });
      y += NAME_SIZE * LINE_EM;
    }
    const digest = sheet.breakText(sha256, width, DIGEST_SIZE, DIGEST_LINES);
    sheet.lines(digest, x, y, { size: DIGEST_SIZE, color: INK.muted });
  }
  sheet.y += height + captionHeight(captions);
}

/** The names of files that are not shown, with the reason where the file itself is the reason. */
export function namesOf(others: readonly NamedFile[], { t }: ReportWords): string {
  return others
    .map(({ name, why }) => (why === 'other' ? name : `${name} (${t(`file-${why}`)})`))
    .join(t('separator'));
}

/** The pictures of the runs that did not pass, and the names of their other files. Nothing where they have none. */
export function* drawPictures(sheet: Sheet, data: BatchReportData, words: ReportWords): Generator<void> {
  const { runs, leftOut } = data.failedFiles;
  if (runs.length === 0 && leftOut === 0) return;
  const { t } = words;
  const rowHeight = BATCH_PICTURE_HEIGHT + captionHeight(2);
  const pictures = runs.flatMap(({ unit, pictures: own }) =>
    own.map((one) => ({ ...one, lines: [unit, one.name] })),
  );
  sheet.heading(t('pictures-title'), pictures.length === 0 ? 30 : rowHeight);
  for (let from = 0; from < pictures.length; from += IN_ROW) {
    sheet.ensure(rowHeight);
    drawPictureRow(sheet, pictures.slice(from, from + IN_ROW), BATCH_PICTURE_HEIGHT);
    sheet.y += 6;
    yield;
  }
  const style = { size: 8, color: INK.muted };
  for (const { unit, others } of runs) {
    if (others.length > 0) sheet.paragraph(`${unit}${t('colon')}${namesOf(others, words)}`, style);
    yield;
  }
  if (leftOut > 0) sheet.paragraph(t('pictures-left-out', leftOut), style);
}
