import { encodeDeviceQr, type DeviceCode } from '#shared/codec/qr/index.ts';
import { formatChipId } from '#shared/domain/triple.ts';
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
export function unitLabel(device: DeviceCode, productName: string): UnitLabel {
  const lines = [productName === '' ? device.productId : productName, device.deviceName];
  if (device.serialNumber !== undefined) lines.push(`SN ${device.serialNumber}`);
  if (device.chipId !== undefined) lines.push(`MAC ${formatChipId(device.chipId)}`);
  return { payload: encodeDeviceQr(device), lines };
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
