import { encodeDeviceQr, type DeviceCode } from '#shared/codec/qr/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type UnitId, unitIdOf } from '#shared/domain/unit-id.ts';
import type { LabelValues } from '#shared/label/index.ts';
import { encodeDrawing, type EncodeOptions } from './encode-drawing.ts';
import { type Drawing, type DrawingFormat, mmToDots } from './drawing.ts';
import { createFontBook, type FontBook } from './fonts/font-book.ts';
import { layoutLabel } from './layout-label.ts';
import { encodeModules, SYMBOL_DEFAULTS, type Symbology, type SymbolOptions } from './modules.ts';
import type { NamedTemplate } from './named-template.ts';
import { requireTemplateDrawing, sampleValuesOf } from './templates/index.ts';

/** Content of a unit's label: the payload of its code, and the lines of text. */
export interface UnitLabel {
  readonly payload: string;
  readonly lines: readonly string[];
  /** Code of a label without a template; default `qr`. */
  readonly symbology?: Symbology;
  /** What it looks like, with the values that it shows; without it, the code and the lines. */
  readonly template?: NamedTemplate & { readonly values: LabelValues };
}

export interface LabelOptions extends SymbolOptions, EncodeOptions {
  /** Default 40 × 30, or the size of the template. A template is placed at the upper left of a larger label. */
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

/** A template with the values of a sample unit. */
export function sampleLabel(named: NamedTemplate): UnitLabel {
  return { payload: '', lines: [], template: { ...named, values: sampleValuesOf(named.template) } };
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
  } = {
    ...SYMBOL_DEFAULTS,
    ...(label.symbology === undefined ? {} : { symbology: label.symbology }),
    ...options,
  };
  if (label.template !== undefined) {
    const { template, values } = label.template;
    return onLabel(requireTemplateDrawing(template, values, { dpi, fonts }), options);
  }
  const matrix = encodeModules(label.payload, symbology, errorLevel);
  const lines = label.lines.filter((line) => line !== '');
  return layoutLabel(matrix, lines, { widthMm, heightMm, dpi }, fonts);
}

/** Rolls are cut by tenths of a millimetre. */
const TOLERANCE_MM = 0.5;

/** A drawing on a label of another size. Faults: `bad-input` for a smaller one. */
function onLabel(
  drawing: Drawing,
  { widthMm = drawing.widthMm, heightMm = drawing.heightMm }: Pick<LabelOptions, 'widthMm' | 'heightMm'>,
): Drawing {
  if (drawing.widthMm > widthMm + TOLERANCE_MM || drawing.heightMm > heightMm + TOLERANCE_MM)
    throw new Fault(
      'bad-input',
      `the template is for a label of ${drawing.widthMm} × ${drawing.heightMm} mm, not ${widthMm} × ${heightMm} mm`,
      { hint: 'Insert the right labels and set their size at the printer, or use another template.' },
    );
  const { dpi } = drawing;
  return {
    ...drawing,
    widthMm,
    heightMm,
    widthDots: mmToDots(widthMm, dpi),
    heightDots: mmToDots(heightMm, dpi),
  };
}
