import bwip from 'bwip-js/node';
import { Fault } from '#shared/domain/fault.ts';
import type { ModuleMatrix } from './modules.ts';

/** Result of bwip-js for a code of bars: widths of bars and spaces in turn, in modules. */
interface RawBars {
  readonly sbs: readonly number[];
}

/** ISO/IEC 15417 asks for 10. */
const QUIET_MODULES = 10;
/** bwip-js takes some more; no scanner reads as many. */
const MAX_CHARACTERS = 200;
const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/**
 * A Code 128, for scanners that read no codes of two dimensions. Its bars are `heightModules` high.
 *
 * Faults: `bad-input` (empty, or with characters that are not printable ASCII), `qr-too-long`.
 */
export function encodeBars(text: string, heightModules: number): ModuleMatrix {
  if (!PRINTABLE_ASCII.test(text))
    throw new Fault('bad-input', 'a Code 128 takes printable ASCII characters', {
      hint: 'Use letters without accents, digits and signs, or a QR code.',
    });
  if (text.length > MAX_CHARACTERS)
    throw new Fault('qr-too-long', `${text.length} characters do not fit into a Code 128`, {
      hint: `Shorten the text to ${MAX_CHARACTERS} characters, or use a QR code.`,
      details: { sizeBytes: text.length },
    });
  const [symbol] = bwip.raw({ bcid: 'code128', text }) as readonly Partial<RawBars>[];
  if (symbol?.sbs === undefined) throw new Error('bwip-js returned no bars');
  const row = symbol.sbs.flatMap((width, at) => new Array<number>(width).fill(at % 2 === 0 ? 1 : 0));
  const rows = Array.from({ length: heightModules }, () => row);
  return {
    columns: row.length,
    rows: heightModules,
    dark: Uint8Array.from(rows.flat()),
    quietModules: QUIET_MODULES,
  };
}
