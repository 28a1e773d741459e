import { encodeDeviceQr, type DeviceCode } from '#shared/codec/qr/index.ts';
import { type UnitId, unitIdOf } from '#shared/domain/unit-id.ts';
import { encodeDrawing, type EncodeOptions } from './encode-drawing.ts';
import type { Drawing, DrawingFormat } from './drawing.ts';
import { createFontBook, type FontBook } from './fonts/font-book.ts';
import { layoutLabel } from './layout-label.ts';
import { encodeModules, SYMBOL_DEFAULTS, type SymbolOptions } from './modules.ts';

/** Content of a unit's label: the payload of its code, and the lines of text. */
export interface UnitLabel {
  readonly payload: string;
  readonly lines: readonly string[];
}

export interface LabelOptions extends SymbolOptions, EncodeOptions {
  /** Default 40 × 30. */
  readonly widthMm?: number;
  readonly heightMm?: number;
  /** Font cache; pass the same one for several labels. Default: a new one. */
  readonly fonts?: FontBook;
}

/** The label of a unit; payload and lines are made from `device`. Faults: those of `encodeDeviceQr`. */
export function unitLabel(device: DeviceCode, productName: string, id: UnitId | null = null): UnitLabel {
  const lines = [productName === '' ? device.productId : productName, device.deviceName];
  if (device.serialNumber !== undefined) lines.push(`SN ${device.serialNumber}`);
  if (device.chipId !== undefined) lines.push(...idLines(id ?? unitIdOf({ chipId: device.chipId }), device));
  return { payload: encodeDeviceQr(device), lines };
}

/** The line of the unit's id. A serial number that the unit reports is left out when it is the scanned one. */
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
 * A label as the bytes of a file, or as the bytes that a printer of this language, resolution and size prints as one label; the
 * same label gives the same bytes. Faults: those of `layoutUnitLabel`.
 */
export async function renderLabel(
  label: UnitLabel,
  format: DrawingFormat,
  options: LabelOptions = {},
): Promise<Uint8Array> {
  return encodeDrawing(layoutUnitLabel(label, options), format, options);
}

/**
 * Lays a label out. Faults: `bad-input` (it does not fit, or no font has a character), `qr-too-long`, `tool-missing` (Chinese
 * text without a Chinese font).
 */
export function layoutUnitLabel(label: UnitLabel, options: LabelOptions = {}): Drawing {
  const {
    symbology,
    errorLevel,
    dpi,
    widthMm = 40,
    heightMm = 30,
    fonts = createFontBook(),
  } = { ...SYMBOL_DEFAULTS, ...options };
  const matrix = encodeModules(label.payload, symbology, errorLevel);
  const lines = label.lines.filter((line) => line !== '');
  return layoutLabel(matrix, lines, { widthMm, heightMm, dpi }, fonts);
}
