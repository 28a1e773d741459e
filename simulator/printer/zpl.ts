import type { PrinterActs, PrinterLanguage } from './language.ts';
import { createZplRenderer } from './picture/index.ts';

const CARET = 0x5e;
const TILDE = 0x7e;

/**
 * ZPL II: a label is everything from `^XA` to `^XZ`; `~HS` is answered at once with three strings. The data of a
 * graphic (`^GFA`, `^GFB`, `^GFC`) is skipped by its announced length, because it may contain any byte.
 * Source: Zebra, ZPL II Programming Guide, `~HS`, `^GF`.
 */
export const ZPL: PrinterLanguage = {
  extension: 'zpl',
  renderer: createZplRenderer,
  reader(acts) {
    const reader = new ZplReader(acts);
    return (bytes) => reader.receive(bytes);
  },
  answer: ({ isPaperOut, isPaused, waiting, isHeadOpen, isRibbonOut }) => {
    const flag = (is: boolean): string => (is ? '1' : '0');
    const formats = String(waiting).padStart(3, '0');
    const strings = [
      `030,${flag(isPaperOut)},${flag(isPaused)},0320,${formats},0,0,0,000,0,0,0`,
      `001,0,${flag(isHeadOpen)},${flag(isRibbonOut)},1,2,6,0,00000000,1,000`,
      '0000,0',
    ];
    return Buffer.from(strings.map((text) => `\x02${text}\x03\r\n`).join(''), 'latin1');
  },
};

class ZplReader {
  readonly #acts: PrinterActs;
  #data = Buffer.alloc(0);
  /** Where the label that is being received begins; -1 between labels. */
  #labelAt = -1;
  #at = 0;

  constructor(acts: PrinterActs) {
    this.#acts = acts;
  }

  receive(bytes: Uint8Array): void {
    this.#data = Buffer.concat([this.#data, bytes]);
    while (this.#step());
    const kept = this.#labelAt < 0 ? this.#at : this.#labelAt;
    this.#data = this.#data.subarray(kept);
    this.#at -= kept;
    if (this.#labelAt >= 0) this.#labelAt = 0;
  }

  /** Reads one command; false when its end is not here yet. */
  #step(): boolean {
    const data = this.#data;
    while (this.#at < data.length && data[this.#at] !== CARET && data[this.#at] !== TILDE) this.#at += 1;
    if (this.#at + 3 > data.length) return false;
    const command = data.toString('latin1', this.#at, this.#at + 3).toUpperCase();
    if (command === '^GF') return this.#skipGraphic();
    if (command === '^XA') this.#labelAt = this.#at;
    this.#at += 3;
    if (command === '~HS') this.#acts.asked();
    if (command === '^XZ' && this.#labelAt >= 0) {
      this.#acts.print(Buffer.from(data.subarray(this.#labelAt, this.#at)));
      this.#labelAt = -1;
    }
    return true;
  }

  /** `^GFa,b,c,d,data` has b bytes of data; `^GFA` has them as hexadecimal digits, possibly compressed. */
  #skipGraphic(): boolean {
    const head = /^\^GF([ABC]),(\d+),(\d+),(\d+),/i.exec(
      this.#data.toString('latin1', this.#at, this.#at + 60),
    );
    if (head === null) {
      if (this.#data.length - this.#at < 60) return false;
      this.#at += 3;
      return true;
    }
    const [all, kind, bytes] = head;
    const isBinary = kind?.toUpperCase() !== 'A';
    const end = this.#at + all.length + (isBinary ? Number(bytes) : 0);
    if (end > this.#data.length) return false;
    this.#at = end;
    return true;
  }
}
