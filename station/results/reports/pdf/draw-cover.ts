import { drawFacts } from './draw-facts.ts';
import { INK, type Sheet } from './kit/sheet.ts';
import type { BatchReportData, ReportFirmware } from './report-data.ts';
import type { ReportWords } from './report-words.ts';

/** Names that are listed; a batch may have hundreds of operators. */
const MAX_NAMES = 12;

/** What the batch is, what made it, and its two main figures. */
export function* drawCover(sheet: Sheet, data: BatchReportData, words: ReportWords): Generator<void> {
  const { t, formats } = words;
  sheet.text(t('report-title'), sheet.left, sheet.y, { size: 12, color: INK.muted });
  sheet.y += 18;
  for (const line of sheet.breakText(data.name, sheet.width, 22, 3)) {
    sheet.text(line, sheet.left, sheet.y, { size: 22, bold: true, color: INK.accent });
    sheet.y += 30;
  }
  sheet.y += 6;
  drawMainFigures(sheet, data, words);
  yield;
  const { period } = data;
  yield* drawFacts(sheet, [
    [t('cover-batch-id'), data.batchId],
    [t('cover-product'), data.productId === '' ? t('none') : data.productId],
    [t('cover-quantity'), formats.count(data.quantity)],
    [t('cover-created'), formats.time(data.createdAtMs)],
    [
      t('cover-period'),
      period === null ? t('none') : `${formats.time(period.fromMs)} – ${formats.time(period.toMs)}`,
    ],
    [
      t('cover-recipe'),
      t(
        data.recipe.locked ? 'recipe-locked' : 'recipe-trial',
        `${data.recipe.name} ${data.recipe.version}`.trim(),
      ),
    ],
    [t('cover-recipe-hash'), data.recipe.hash],
    ...firmwareFacts(data.firmware, words),
    [t('cover-stations'), named(data.stations, words)],
    [t('cover-slots'), named(rangesOf(data.slots), words)],
    [t('cover-people'), named(data.operators, words)],
    [t('cover-program'), named(data.appVersions, words)],
    [t('cover-median'), data.medianMs === null ? '—' : formats.duration(data.medianMs)],
    ...(data.running === 0
      ? []
      : [[t('RUNNING'), `${formats.count(data.running)} ${t('cover-running')}`] as const]),
    ...(data.unproven === 0
      ? []
      : [[t('cover-unproven'), `${formats.count(data.unproven)} ${t('cover-unproven-means')}`] as const]),
  ]);
  sheet.y += 4;
  const zone = formats.zone(period?.toMs ?? data.createdAtMs);
  sheet.paragraph(t('cover-time-zone', zone), { size: 8, color: INK.muted });
}

/** Boxes with the numbers that a reader looks for first. */
function drawMainFigures(sheet: Sheet, { figures }: BatchReportData, { t, formats }: ReportWords): void {
  const boxes: readonly (readonly [name: string, value: string])[] = [
    [t('FPY'), formats.percent(figures.fpy)],
    [t('LPY'), formats.percent(figures.lpy)],
    [t('cover-units'), formats.count(figures.units)],
    [t('cover-runs'), formats.count(figures.runs)],
  ];
  const gap = 10;
  const width = (sheet.width - gap * (boxes.length - 1)) / boxes.length;
  const height = 54;
  for (const [index, [name, value]] of boxes.entries()) {
    const x = sheet.left + index * (width + gap);
    sheet.frame(x, sheet.y, width, height);
    sheet.text(sheet.fit(name, width - 16, 8.5), x + 8, sheet.y + 6, { size: 8.5, color: INK.muted });
    sheet.text(sheet.fit(value, width - 16, 20), x + 8, sheet.y + 21, { size: 20, bold: true });
  }
  sheet.y += height + 16;
}

function firmwareFacts(
  firmware: readonly ReportFirmware[],
  words: ReportWords,
): (readonly [string, string])[] {
  const { t } = words;
  if (firmware.length === 0) return [[t('cover-firmware'), t('none')]];
  return firmware.slice(0, MAX_NAMES).flatMap(({ sha256, name, version }): (readonly [string, string])[] => {
    const known = [name, version].filter((part) => part !== null && part !== '').join(' ');
    return [
      ...(known === '' ? [] : [[t('cover-firmware'), known] as const]),
      [t('cover-firmware-hash'), sha256],
    ];
  });
}

/** `1–8`, `12`. */
function rangesOf(slots: readonly number[]): string[] {
  const ranges: [from: number, to: number][] = [];
  for (const slot of slots) {
    const last = ranges.at(-1);
    if (last !== undefined && slot === last[1] + 1) last[1] = slot;
    else ranges.push([slot, slot]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
}

function named(names: readonly string[], { t }: ReportWords): string {
  if (names.length === 0) return t('none');
  const shown = names.slice(0, MAX_NAMES).join(t('separator'));
  return names.length <= MAX_NAMES ? shown : `${shown} ${t('and-more', names.length - MAX_NAMES)}`;
}
