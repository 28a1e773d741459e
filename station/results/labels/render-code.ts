import { encodeDrawing } from './encode-drawing.ts';
import type { DrawingFormat } from './drawing.ts';
import { layoutCode } from './layout-code.ts';
import { encodeModules, SYMBOL_DEFAULTS, type SymbolOptions } from './modules.ts';

export interface CodeOptions extends SymbolOptions {
  /** Side of a module, default 0.5 mm; rounded to whole dots. */
  readonly moduleMm?: number;
  /** For screen readers and file properties. Never the payload, which contains the password of a Wi-Fi code. */
  readonly title?: string;
}

/**
 * A code with its quiet zone, black on white. A reader gets the UTF-8 bytes of `payload`. The same input gives the same bytes.
 * Faults: `bad-input`, `qr-too-long`.
 */
export async function renderCode(
  payload: string,
  format: DrawingFormat,
  options: CodeOptions = {},
): Promise<Uint8Array> {
  const { symbology, errorLevel, dpi, moduleMm = 0.5, title = 'code' } = { ...SYMBOL_DEFAULTS, ...options };
  return encodeDrawing(
    layoutCode(encodeModules(payload, symbology, errorLevel), moduleMm, dpi, title),
    format,
  );
}
