import type { Yielder } from '#node-kit/async/index.ts';
import { drawBalance } from './draw-balance.ts';
import { drawCover } from './draw-cover.ts';
import { drawFailures } from './draw-failures.ts';
import { drawMeasurements } from './draw-measurements.ts';
import { drawPareto } from './draw-pareto.ts';
import { drawPictures } from './draw-pictures.ts';
import { drawSignatures } from './draw-signatures.ts';
import { drawTrend } from './draw-trend.ts';
import { drawYield } from './draw-yield.ts';
import type { PdfStyle } from './kit/paper.ts';
import type { Sheet } from './kit/sheet.ts';
import { writePdf } from './kit/write-pdf.ts';
import type { BatchReportData } from './report-data.ts';
import { reportWords } from './report-words.ts';

/** The report of a batch as the bytes of a PDF, in pieces. The same data give the same bytes. Errors: as of `writePdf`. */
export function batchPdf(
  data: BatchReportData,
  style: PdfStyle,
  yielder: Yielder,
): AsyncGenerator<Uint8Array> {
  const words = reportWords(style.language, data.titles, style.timeZone);
  const { t } = words;
  function* draw(sheet: Sheet): Generator<void> {
    yield* drawCover(sheet, data, words);
    yield* drawYield(sheet, data, words);
    if (data.figures.runs > 0) {
      yield* drawTrend(sheet, data, words);
      yield* drawPareto(sheet, data, words);
      yield* drawMeasurements(sheet, data, words);
      yield* drawFailures(sheet, data, words);
      yield* drawPictures(sheet, data, words);
    }
    yield* drawBalance(sheet, data, words);
    yield* drawSignatures(sheet, words);
  }
  return writePdf(
    {
      title: `${t('report-title')} ${data.name}`,
      atMs: data.period?.toMs ?? data.createdAtMs,
      running: {
        left: data.name,
        right: t('report-title'),
        foot: `${t('cover-batch')} ${data.batchId}`,
        pageOf: (page, pages) => t('page-of', page, pages),
      },
      draw,
    },
    style,
    yielder,
  );
}
