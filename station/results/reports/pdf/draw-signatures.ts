import { INK, type Sheet } from './kit/sheet.ts';
import type { ReportWords } from './report-words.ts';

const ROW = 40;

/** Lines for the people who prepare, review and approve the report, together on one page. */
export function* drawSignatures(sheet: Sheet, { t }: ReportWords): Generator<void> {
  const roles = [t('made-by'), t('checked-by'), t('released-by')];
  sheet.heading(t('signatures-title'), 24 + roles.length * ROW);
  const columns = [t('signature-role'), t('signature-name'), t('signature-line'), t('signature-date')];
  const shares = [0.16, 0.28, 0.34, 0.22];
  const places = shares.map((share, index) => ({
    x: sheet.left + sheet.width * shares.slice(0, index).reduce((sum, one) => sum + one, 0),
    width: sheet.width * share - 14,
  }));
  for (const [index, title] of columns.entries())
    sheet.text(title, places[index]?.x ?? 0, sheet.y, { size: 8, color: INK.muted });
  for (const role of roles) {
    sheet.y += ROW;
    for (const [index, { x, width }] of places.entries()) {
      if (index === 0) sheet.text(role, x, sheet.y - 13, { size: 9.5 });
      else sheet.line(x, sheet.y, x + width, sheet.y, { width: 0.75, color: INK.text });
    }
  }
  sheet.y += 16;
  yield;
}
