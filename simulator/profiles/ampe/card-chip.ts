import type { Random } from '../../platform/index.ts';

const OK = 0x9000;
const WRONG_LENGTH = 0x6700;
const NOT_FOUND = 0x6a82;
const WRONG_PARAMETERS = 0x6a86;
const NO_SUCH_INSTRUCTION = 0x6d00;
const NO_SUCH_CLASS = 0x6e00;
const ROOT = '3F00';
const APPLICATION = '1001';
/** Short file with the number of the terminal or of the card. */
const NUMBER_FILE = 0x16;
const SHORT_FILE_FLAG = 0x80;

/**
 * A chip card with SELECT, GET CHALLENGE and READ BINARY. Source: ISO/IEC 7816-4; the file of a PSAM with its terminal
 * number (SFI 16h, 6 bytes) is defined in PBOC's PSAM specification.
 */
export class CardChip {
  readonly #number: Uint8Array;
  readonly #random: Random;

  constructor(number: Uint8Array, random: Random) {
    this.#number = number;
    this.#random = random;
  }

  /** The response to one command APDU: data and two status bytes, in hex. */
  execute(apdu: Uint8Array): string {
    const [cla, ins, p1, p2, p3] = apdu;
    if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined)
      return status(WRONG_LENGTH);
    if (cla !== 0x00) return status(NO_SUCH_CLASS);
    switch (ins) {
      case 0xa4: {
        const name = Buffer.from(apdu.subarray(5, 5 + (p3 ?? 0)))
          .toString('hex')
          .toUpperCase();
        if (p3 === undefined || name.length !== 2 * p3) return status(WRONG_LENGTH);
        if (name !== ROOT && name !== APPLICATION) return status(NOT_FOUND);
        return `6F048402${name}${status(OK)}`;
      }
      case 0x84: {
        if (p1 !== 0 || p2 !== 0) return status(WRONG_PARAMETERS);
        if (p3 !== 4 && p3 !== 8) return status(WRONG_LENGTH);
        return Array.from({ length: p3 }, () => byte(this.#random.integer(0, 255))).join('') + status(OK);
      }
      case 0xb0: {
        if (p1 !== (SHORT_FILE_FLAG | NUMBER_FILE)) return status(NOT_FOUND);
        const data = this.#number.subarray(p2, p2 + (p3 ?? this.#number.length));
        return [...data].map(byte).join('') + status(OK);
      }
      default:
        return status(NO_SUCH_INSTRUCTION);
    }
  }
}

function byte(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}

function status(word: number): string {
  return word.toString(16).toUpperCase();
}
