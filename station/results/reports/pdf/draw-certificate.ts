import { type ModuleMatrix, traceOutline } from '../../labels/index.ts';
import { drawFacts } from './draw-facts.ts';
import { captionHeight, drawPictureRow, namesOf } from './draw-pictures.ts';
import { INK, type Sheet } from './kit/sheet.ts';
import { drawTable, TABLE_BEGIN } from './kit/table.ts';
import type { RunFiles } from './pictures/index.ts';
import type { CertificateData } from './report-data.ts';
import type { ReportWords } from './report-words.ts';

const CODE_POINTS = 92;
const SIGNATURE_HEIGHT = 62;
const NOTE_HEIGHT = 14;
const MAX_PICTURE_HEIGHT = 84;
/** A picture that is less high shows nothing. */
const MIN_PICTURE_HEIGHT = 36;
/** Of the line with the names of files. */
const FILES_LINE = 11;
/** Of the first measurements. */
const MEASURED_HEIGHT = 60;
/** Of each text, so that one page has space for all. */
const MAX_LINES = 2;

/**
 * The certificate of a unit on one page: who it is, what made it, what was measured. Values that find no space are counted.
 *
 * @param code modules of the device code; `null` without an identity
 */
export function* drawCertificate(
  sheet: Sheet,
  data: CertificateData,
  words: ReportWords,
  code: ModuleMatrix | null,
): Generator<void> {
  const { t, formats } = words;
  sheet.text(
    t(data.outcome === 'PASS' ? 'certificate-title' : 'certificate-title-failed'),
    sheet.left,
    sheet.y,
    {
      size: 12,
      color: INK.muted,
    },
  );
  drawOutcome(sheet, data, words);
  sheet.y += 18;
  const name = data.serialNumber ?? data.unitId?.text ?? data.runId;
  const nameWidth = sheet.width - 130;
  sheet.text(sheet.fit(name, nameWidth, 20), sheet.left, sheet.y, {
    size: 20,
    bold: true,
    color: INK.accent,
  });
  sheet.y += 34;

  const top = sheet.y;
  yield* drawFacts(sheet, identityFacts(data, words), {
    width: sheet.width - (code === null ? 0 : CODE_POINTS + 16),
    maxLines: MAX_LINES,
  });
  const factsEnd = sheet.y;
  if (code !== null) {
    drawCode(sheet, code, sheet.right - CODE_POINTS, top);
    sheet.text(t('code-about'), sheet.right - CODE_POINTS, top + CODE_POINTS + 2, {
      size: 7.5,
      width: CODE_POINTS,
      align: 'center',
      color: INK.muted,
    });
    sheet.y = Math.max(factsEnd, top + CODE_POINTS + 16);
  }
  sheet.line(sheet.left, sheet.y + 2, sheet.right, sheet.y + 2, { width: 0.5 });
  sheet.y += 8;
  yield* drawFacts(sheet, productionFacts(data, words), { maxLines: MAX_LINES });
  sheet.y += 6;

  const files = fitFiles(sheet, data, sheet.bottom - SIGNATURE_HEIGHT - NOTE_HEIGHT);
  const { end } = files;
  if (data.measured === 0) sheet.paragraph(t('certificate-no-values'), { size: 9.5 });
  else {
    const drawn = yield* drawTable(
      sheet,
      [
        { title: t('measurement'), share: 3.2 },
        { title: t('step'), share: 3.2 },
        { title: t('value-column'), share: 2.2, align: 'right' },
        { title: t('limits'), share: 2.8 },
        { title: t('outcome'), share: 1.2 },
      ],
      failedFirst(data.measurements).map(({ phase, step, name: measured, value, unit, limits, outcome }) => ({
        cells: [
          measured,
          words.place({ phase, step }),
          [typeof value === 'number' ? formats.exact(value) : String(value), unit ?? ''].join(' ').trim(),
          limits,
          outcome === 'PASS' ? t(outcome) : { text: t(outcome), bold: true as const },
        ],
      })),
      { stopAt: end, maxLines: MAX_LINES + 1 },
    );
    const left = data.measured - drawn;
    if (left > 0)
      sheet.text(t('certificate-left-out', left), sheet.left, sheet.y - 3, { size: 8, color: INK.muted });
  }
  drawFiles(sheet, files, words);
  drawProof(sheet, data, words);
  yield;
}

interface FittedFiles extends RunFiles {
  /** Where the measurements end. */
  readonly end: number;
  readonly pictureHeight: number;
}

/** How high the pictures may be, so that the first measurements have space; without space they are named. */
function fitFiles(sheet: Sheet, { files, measured }: CertificateData, end: number): FittedFiles {
  if (files === null) return { end, pictureHeight: 0, pictures: [], others: [] };
  const needed = measured === 0 ? 20 : TABLE_BEGIN + MEASURED_HEIGHT;
  const free = end - sheet.y - needed - captionHeight(1) - FILES_LINE;
  const pictureHeight = Math.min(MAX_PICTURE_HEIGHT, free);
  const { pictures, others } = files;
  if (pictures.length > 0 && pictureHeight >= MIN_PICTURE_HEIGHT) {
    const height = pictureHeight + captionHeight(1) + (others.length === 0 ? 0 : FILES_LINE);
    return { end: end - height, pictureHeight, pictures, others };
  }
  const named = pictures.map(({ name, sha256 }) => ({ name, sha256, why: 'other' as const }));
  return { end: end - FILES_LINE, pictureHeight: 0, pictures: [], others: [...named, ...others] };
}

/** The pictures of the run below its measurements, and the names of its other files in one line. */
function drawFiles(
  sheet: Sheet,
  { end, pictureHeight, pictures, others }: FittedFiles,
  words: ReportWords,
): void {
  sheet.y = end + NOTE_HEIGHT;
  if (pictures.length > 0)
    drawPictureRow(
      sheet,
      pictures.map((one) => ({ ...one, lines: [one.name] })),
      pictureHeight,
    );
  if (others.length === 0) return;
  const text = words.t('certificate-files', others.length, namesOf(others, words));
  sheet.text(sheet.fit(text, sheet.width, 7.5), sheet.left, sheet.y, { size: 7.5, color: INK.muted });
}

/** The values that matter most, where not all find space. */
function failedFirst(measurements: CertificateData['measurements']): CertificateData['measurements'] {
  const failed = measurements.filter(({ outcome }) => outcome !== 'PASS');
  return [...failed, ...measurements.filter(({ outcome }) => outcome === 'PASS')];
}

function identityFacts(data: CertificateData, { t }: ReportWords): (readonly [string, string])[] {
  const { unitId, proof } = data;
  return [
    [t('serial'), data.serialNumber ?? '—'],
    ...(unitId === null ? [] : [[t(unitId.kind), unitId.text] as const]),
    [t('cover-product'), data.productId ?? '—'],
    [t('device-name'), data.deviceName ?? '—'],
    ...(proof === null
      ? []
      : ([
          [
            t('read-back'),
            data.unproven
              ? `${t(`proof-${proof.readBack}`)} (${t('unproven')})`
              : t(`proof-${proof.readBack}`),
          ],
          [t('seen-online'), t(`seen-by-${proof.online}`)],
        ] as const)),
  ];
}

function productionFacts(data: CertificateData, { t, formats }: ReportWords): (readonly [string, string])[] {
  const { recipe, firmware } = data;
  const firmwareName = [firmware?.name, firmware?.version].filter((part) => part).join(' ');
  return [
    [t('cover-batch'), data.batchName],
    [t('cover-recipe'), `${recipe.name} ${recipe.version}`.trim()],
    [t('cover-recipe-hash'), recipe.hash],
    ...(firmwareName === '' ? [] : [[t('cover-firmware'), firmwareName] as const]),
    ...(firmware === null ? [] : [[t('cover-firmware-hash'), firmware.sha256] as const]),
    ...(data.reportedFirmware === null ? [] : [[t('reported-firmware'), data.reportedFirmware] as const]),
    [t('station'), `${data.station}${t('comma')}${t('slot')} ${data.slot}`],
    [t('operator'), data.operator],
    [t('started'), formats.time(data.startedAtMs)],
    [t('finished'), `${formats.time(data.finishedAtMs)}${t('comma')}${formats.zone(data.finishedAtMs)}`],
    [t('run'), data.runId],
    [t('cover-program'), data.appVersion],
  ];
}

function drawOutcome(sheet: Sheet, { outcome }: CertificateData, { t }: ReportWords): void {
  const [width, height] = [110, 34];
  const x = sheet.right - width;
  // A frame of two lines for a unit that passed; a filled one would use up ink.
  sheet.frame(x, sheet.y, width, height, { width: outcome === 'PASS' ? 1.5 : 3, color: INK.text });
  sheet.text(sheet.fit(t(outcome), width - 12, 17), x, sheet.y + 5, {
    size: 17,
    bold: true,
    width,
    align: 'center',
  });
}

function drawCode(sheet: Sheet, code: ModuleMatrix, x: number, y: number): void {
  const modules = code.columns + 2 * code.quietModules;
  const scale = CODE_POINTS / modules;
  sheet.shape(
    traceOutline(code).map((loop) =>
      loop.map(
        ([column, row]) =>
          [x + (column + code.quietModules) * scale, y + (row + code.quietModules) * scale] as const,
      ),
    ),
  );
}

/** The signature at the end of the page. */
function drawProof(sheet: Sheet, { signature }: CertificateData, { t, formats }: ReportWords): void {
  const y = sheet.bottom - SIGNATURE_HEIGHT + 4;
  sheet.line(sheet.left, y, sheet.right, y, { width: 0.5 });
  if (signature === null) return;
  const rows = [
    [t('signed-by'), [signature.station, signature.by, formats.time(signature.atMs)].join(t('comma'))],
    [t('signed-key'), signature.keySha256],
    [t('signed-digest'), signature.digest],
  ] as const;
  for (const [index, [name, value]] of rows.entries()) {
    const at = y + 6 + index * 12;
    sheet.text(sheet.fit(name, 130, 8), sheet.left, at, { size: 8, color: INK.muted });
    sheet.text(sheet.fit(value, sheet.width - 138, 8), sheet.left + 138, at, { size: 8 });
  }
  sheet.text(t('signed-about'), sheet.left, y + 44, { size: 7.5, color: INK.muted });
}
