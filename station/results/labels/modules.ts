import bwip from 'bwip-js/node';
import { encodeUtf8 } from '#shared/codec/utf8.ts';
import { Fault } from '#shared/domain/fault.ts';
import { counted } from '#shared/words/index.ts';

export type Symbology = 'qr' | 'datamatrix';
/** Error correction of QR codes: about 7, 15, 25 or 30 percent of the code may be damaged. */
export type ErrorLevel = 'L' | 'M' | 'Q' | 'H';

/** The options of a code in a label or a file. */
export interface SymbolOptions {
  /** Default `qr`. */
  readonly symbology?: Symbology;
  /** QR only; default `M`. */
  readonly errorLevel?: ErrorLevel;
  /** Resolution of the printer; default 300. A module is a whole number of dots. */
  readonly dpi?: number;
}

export const SYMBOL_DEFAULTS = { symbology: 'qr', errorLevel: 'M', dpi: 300 } as const;

/** A code as a matrix of square modules, without its quiet zone. */
export interface ModuleMatrix {
  readonly columns: number;
  readonly rows: number;
  /** Row by row, 1 is dark. */
  readonly dark: Uint8Array;
  /** Width of the quiet zone in modules. */
  readonly quietModules: number;
}

/** Result of bwip-js: `pixs` row by row, 1 is dark. */
interface RawMatrix {
  readonly pixs: readonly number[];
  readonly pixx: number;
  readonly pixy: number;
}

/** ISO/IEC 18004 asks for 4; ISO/IEC 16022 for 1, doubled here because hand scanners are held askew. */
const QUIET_MODULES = { qr: 4, datamatrix: 2 } as const;
/** ECI 26 is UTF-8 (AIM ITS/04-023). */
const ECI_UTF8 = '^ECI000026';
const CARET = 0x5e;
/** Bytes in the largest symbol (QR 40-L, DataMatrix 144 × 144); the exact limit depends on level and content. */
const MAX_BYTES = { qr: 2953, datamatrix: 1556 } as const;

/**
 * Encodes `payload` so that a reader gets its UTF-8 bytes.
 *
 * An ECI announces text beyond ASCII as UTF-8. Without it ISO/IEC 18004 specifies ISO 8859-1 and readers guess: zbar read
 * `日本` as Shift-JIS. Each byte is escaped, because bwip-js would interpret some characters as instructions. Kanji mode is
 * off, because it would encode pairs of UTF-8 bytes as Shift-JIS.
 *
 * Faults: `bad-input` (empty, a lone surrogate), `qr-too-long` (larger than the largest symbol; details `sizeBytes`).
 */
export function encodeModules(
  payload: string,
  symbology: Symbology,
  errorLevel: ErrorLevel = 'M',
): ModuleMatrix {
  if (payload === '') throw new Fault('bad-input', 'the text of a code is empty', { hint: 'Enter a text.' });
  const bytes = encodeUtf8(payload);
  const escaped = Array.from(bytes, escape).join('');
  const isAscii = bytes.every((byte) => byte < 0x80);
  const symbol = encode(isAscii ? escaped : ECI_UTF8 + escaped, symbology, errorLevel, bytes.length);
  return {
    columns: symbol.pixx,
    rows: symbol.pixy,
    dark: Uint8Array.from(symbol.pixs),
    quietModules: QUIET_MODULES[symbology],
  };
}

/** bwip-js interprets a decoded caret as an instruction; a doubled caret is a caret. */
function escape(byte: number): string {
  return byte === CARET ? '^^' : `^${String(byte).padStart(3, '0')}`;
}

function encode(text: string, symbology: Symbology, errorLevel: ErrorLevel, sizeBytes: number): RawMatrix {
  const common = { text, parse: true, parsefnc: true };
  const options =
    symbology === 'qr'
      ? { bcid: 'qrcode', eclevel: errorLevel, suppresskanjimode: true, ...common }
      : { bcid: 'datamatrix', ...common };
  try {
    const [symbol] = bwip.raw(options);
    if (symbol === undefined || !('pixs' in symbol)) throw new Error('bwip-js returned no matrix symbol');
    return symbol;
  } catch (cause) {
    if (!/TooLong|TooMuchData|NoValidSymbol/.test(String(cause))) throw cause;
    throw new Fault(
      'qr-too-long',
      `${counted(sizeBytes, 'byte does', 'bytes do')} not fit into a ${symbology === 'qr' ? 'QR' : 'DataMatrix'} code`,
      {
        hint: `Shorten the text to about ${MAX_BYTES[symbology]} bytes.`,
        details: { sizeBytes },
        cause,
      },
    );
  }
}
