import bwip from 'bwip-js/node';
import { encodeUtf8 } from '#shared/codec/utf8.ts';
import { Fault } from '#shared/domain/fault.ts';
import { counted } from '#shared/words/index.ts';

export type Symbology = 'qr' | 'datamatrix';
/** QR only: the share of the code that may be lost, about 7, 15, 25 and 30 percent. */
export type ErrorLevel = 'L' | 'M' | 'Q' | 'H';

/** A code as a grid of square modules, without its quiet zone. */
export interface ModuleMatrix {
  readonly columns: number;
  readonly rows: number;
  /** Row by row, 1 is dark. */
  readonly dark: Uint8Array;
  /** Modules that must stay white on each side. */
  readonly quietModules: number;
}

/** What bwip-js gives: `pixs` row by row, 1 is dark. */
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
/** Bytes in the largest symbol (QR 40-L, 144 × 144); what fits exactly depends on level and content. */
const ROOM_BYTES = { qr: 2953, datamatrix: 1556 } as const;

/**
 * Encodes `payload` so that a reader gets back exactly its UTF-8 bytes.
 *
 * Text beyond ASCII is announced as UTF-8 by an ECI: without one ISO/IEC 18004 means ISO 8859-1, readers guess, and
 * zbar guessed Shift-JIS for `日本`. Each byte is passed escaped, so that no character of the payload is taken
 * for an instruction, and Kanji mode is off, because it would take pairs of UTF-8 bytes for Shift-JIS.
 *
 * Faults: `bad-input` (empty, half a character), `qr-too-long` (does not fit the largest symbol; details
 * `sizeBytes`).
 */
export function encodeModules(
  payload: string,
  symbology: Symbology,
  errorLevel: ErrorLevel = 'M',
): ModuleMatrix {
  if (payload === '')
    throw new Fault('bad-input', 'a code needs something to say', { hint: 'give it a text' });
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

/** bwip-js takes a decoded caret for the beginning of an instruction again; doubled it is itself. */
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
    if (symbol === undefined || !('pixs' in symbol)) throw new Error('bwip-js gave no matrix symbol');
    return symbol;
  } catch (cause) {
    if (!/TooLong|TooMuchData|NoValidSymbol/.test(String(cause))) throw cause;
    throw new Fault(
      'qr-too-long',
      `${counted(sizeBytes, 'byte does', 'bytes do')} not fit into a ${symbology === 'qr' ? 'QR' : 'DataMatrix'} code`,
      {
        hint: `shorten the text; there is room for about ${ROOM_BYTES[symbology]} bytes`,
        details: { sizeBytes },
        cause,
      },
    );
  }
}
