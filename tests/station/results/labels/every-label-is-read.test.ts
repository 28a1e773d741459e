import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeDeviceQr } from '../../../../shared/codec/qr/index.ts';
import { PRINTER_RESOLUTIONS } from '../../../../shared/domain/label-printer.ts';
import type { LabelValues } from '../../../../shared/label/index.ts';
import {
  createFontBook,
  renderLabel,
  requireTemplate,
  type UnitLabel,
} from '../../../../station/results/labels/index.ts';
import { sampleValuesOf } from '../../../../station/results/labels/templates/index.ts';
import { depth } from '../../../support/depth.ts';
import { countDifferences, type Dots, dotsOfPng, dotsOfTspl, dotsOfZpl } from './dots.ts';
import { drawPdfPage, readAllCodes, readDataMatrix } from './readers.ts';

/*
 * Labels of all shipped templates with the values of many units, at every resolution: what zbarimg and dmtxread read in the
 * PNG, the PDF drawn by poppler, the ZPL drawn by zpl-renderer-js, and the TSPL.
 */

const SHIPPED = join(import.meta.dirname, '../../../../resources/labels');
const NAMES = ['unit-40x30', 'small-30x20', 'serial-60x40', 'brand-50x30'] as const;
const fonts = createFontBook();

let directory = '';
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'gongwei-read-'))));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Values of the unit of a number; every one has another length and other characters. */
function labelOf(n: number): UnitLabel & { readonly codes: readonly string[] } {
  const name = NAMES[n % NAMES.length] ?? 'unit-40x30';
  const named = requireTemplate(readFileSync(join(SHIPPED, `${name}.yaml`), 'utf8'), name);
  const chipId = (0xa2b7f0000000 + n * 7919).toString(16).toUpperCase();
  const serialNumber = `${'SN-x/9'.slice(0, 2 + (n % 5))}${String(n * 104_729).padStart(6, '0')}`;
  const device = {
    productId: 'CS0SLTKSYA',
    deviceName: `line${n % 9}_${'ab'.repeat(n % 4)}${String(n).padStart(4, '0')}`,
    serialNumber,
    chipId,
  };
  const deviceCode = encodeDeviceQr(device);
  const sample = sampleValuesOf(named.template);
  const mac = chipId.match(/../g)?.join(':') ?? '';
  const values: LabelValues = {
    ...sample,
    words: { ...sample.words, ...device, deviceCode, mac, macHex: chipId, macTail: chipId.slice(-6) },
    counters: { brand: n },
  };
  const codes = name === 'serial-60x40' ? [serialNumber, deviceCode].sort() : [deviceCode];
  return { payload: deviceCode, lines: [], template: { ...named, values }, codes };
}

/** A grey picture that zbarimg and dmtxread read, each dot twice as large, on white as a label is on its carrier. */
function writePicture(path: string, { width, height, black }: Dots): void {
  const [scale, margin] = [2, 20];
  const [columns, rows] = [width * scale + 2 * margin, height * scale + 2 * margin];
  const gray = Buffer.alloc(columns * rows, 255);
  for (let y = 0; y < height * scale; y++)
    for (let x = 0; x < width * scale; x++)
      if (black[Math.floor(y / scale) * width + Math.floor(x / scale)] === 1)
        gray[(y + margin) * columns + x + margin] = 0;
  writeFileSync(path, Buffer.concat([Buffer.from(`P5\n${columns} ${rows}\n255\n`), gray]));
}

test('every code of every label is read, in every format and at every resolution', async () => {
  const bars: { path: string; codes: readonly string[] }[] = [];
  for (let n = 0; n < depth({ short: NAMES.length, long: 100 }); n++) {
    const { codes, ...label } = labelOf(n);
    // Four templates and three resolutions: in twelve labels each has met each.
    const dpi = PRINTER_RESOLUTIONS[n % PRINTER_RESOLUTIONS.length] ?? 300;
    const at = join(directory, `${n}-${dpi}`);
    const png = dotsOfPng(await renderLabel(label, 'png', { dpi, fonts }));
    const zpl = await dotsOfZpl(await renderLabel(label, 'zpl', { dpi, fonts }), dpi);
    const tspl = dotsOfTspl(await renderLabel(label, 'tspl', { dpi, fonts }), dpi);
    // The same dots, those of the Chinese text included.
    expect([countDifferences(zpl, png), countDifferences(tspl, png)]).toEqual([0, 0]);
    writePicture(`${at}.zpl.pgm`, zpl);
    writePicture(`${at}.tspl.pgm`, tspl);
    writeFileSync(`${at}.png`, await renderLabel(label, 'png', { dpi, fonts }));
    writeFileSync(`${at}.pdf`, await renderLabel(label, 'pdf', { dpi, fonts }));
    const others = [drawPdfPage(`${at}.pdf`, 2 * dpi), `${at}.zpl.pgm`, `${at}.tspl.pgm`];
    if (n % NAMES.length !== 1) {
      bars.push(...[`${at}.png`, ...others].map((path) => ({ path, codes })));
      continue;
    }
    // A module of two dots is too small for dmtxread, as one photographed from afar.
    writePicture(`${at}.png.pgm`, png);
    for (const path of [`${at}.png.pgm`, ...others])
      expect([path, readDataMatrix(path)]).toEqual([path, codes[0]]);
  }
  const read = readAllCodes(bars.map(({ path }) => path));
  expect(bars.map(({ path }, index) => ({ path, codes: read[index] }))).toEqual(bars);
}, 600_000);
