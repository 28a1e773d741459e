import { encodeDeviceQr, type DeviceCode } from '#shared/codec/qr/index.ts';
import { type UnitId, unitIdOf } from '#shared/domain/unit-id.ts';
import { draw } from './draw.ts';
import type { Drawing, DrawingFormat } from './drawing.ts';
import { createFontBook, type FontBook } from './fonts/font-book.ts';
import { layoutLabel } from './layout-label.ts';
import { encodeModules, type ErrorLevel, type Symbology } from './modules.ts';

/** What a unit's label says: the code for scanners, the lines for people. */
export interface UnitLabel {
  readonly payload: string;
  readonly lines: readonly string[];
}

export interface LabelOptions {
  /** Default 40 × 30. */
  readonly widthMm?: number;
  readonly heightMm?: number;
  /** Of the printer, default 300; modules are whole dots of it. */
  readonly dpi?: number;
  /** Default `qr`. */
  readonly symbology?: Symbology;
  readonly errorLevel?: ErrorLevel;
  /** Keep one for many labels with Chinese text. */
  readonly fonts?: FontBook;
}

/** The label of a unit; code and lines say the same because both come from `device`. Faults of `encodeDeviceQr`. */
export function unitLabel(device: DeviceCode, productName: string, id: UnitId | null = null): UnitLabel {
  const lines = [productName === '' ? device.productId : productName, device.deviceName];
  if (device.serialNumber !== undefined) lines.push(`SN ${device.serialNumber}`);
  if (device.chipId !== undefined) lines.push(...idLines(id ?? unitIdOf({ chipId: device.chipId }), device));
  return { payload: encodeDeviceQr(device), lines };
}

/** A serial number that the unit says itself stands there already when it is the one that was scanned. */
function idLines({ kind, text }: UnitId, { serialNumber }: DeviceCode): string[] {
  switch (kind) {
    case 'mac':
      return [`MAC ${text}`];
    case 'chip-id':
      return [`ID ${text}`];
    case 'serial-number':
      return text === serialNumber ? [] : [`S/N ${text}`];
  }
}

/**
 * A label as a file's bytes; the same label gives the same bytes. Faults: `bad-input` (does not fit, a character no
 * font has), `qr-too-long`, `tool-missing` (Chinese text and no Chinese font).
 */
export async function renderLabel(
  label: UnitLabel,
  format: DrawingFormat,
  options: LabelOptions = {},
): Promise<Uint8Array> {
  return draw(drawLabel(label, options), format);
}

/** The label as it is printed, before it takes a file's format: all that can fail about it has been done. Faults: as above. */
export function drawLabel(label: UnitLabel, options: LabelOptions = {}): Drawing {
  const { widthMm = 40, heightMm = 30, dpi = 300, symbology = 'qr', errorLevel = 'M' } = options;
  const fonts = options.fonts ?? createFontBook();
  const matrix = encodeModules(label.payload, symbology, errorLevel);
  const lines = label.lines.filter((line) => line !== '');
  return layoutLabel(matrix, lines, { widthMm, heightMm, dpi }, fonts);
}
